startLanguage(() => {});
