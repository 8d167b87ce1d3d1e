"""Who gives way where a road crosses rails in one of SUMO's networks."""

from __future__ import annotations

from pathlib import Path

from sim.park.importers.sumo_net import read

#: The request table wants the train (link 1) to give way to the car (link 0), as netconvert's at times do.
CROSSING = """<net version="1.20">
 <location netOffset="0,0" projParameter="!"/>
 <edge id=":X_0" function="internal"><lane id=":X_0_0" index="0" speed="14" length="10" shape="-5,0 5,0"/></edge>
 <edge id=":X_1" function="internal">
  <lane id=":X_1_0" index="0" speed="40" length="10" allow="rail" shape="0,5 0,-5"/></edge>
 <edge id="w" from="W" to="X">
  <lane id="w_0" index="0" speed="14" length="95" disallow="rail"
   shape="-100,0 -5,0"/></edge>
 <edge id="e" from="X" to="E">
  <lane id="e_0" index="0" speed="14" length="95" disallow="rail"
   shape="5,0 100,0"/></edge>
 <edge id="n" from="N" to="X"><lane id="n_0" index="0" speed="40" length="95" allow="rail" shape="0,100 0,5"/></edge>
 <edge id="s" from="X" to="S"><lane id="s_0" index="0" speed="40" length="95" allow="rail" shape="0,-5 0,-100"/></edge>
 <junction id="W" type="dead_end" x="-100" y="0" incLanes="" intLanes="" shape=""/>
 <junction id="E" type="dead_end" x="100" y="0" incLanes="e_0" intLanes="" shape=""/>
 <junction id="N" type="dead_end" x="0" y="100" incLanes="" intLanes="" shape=""/>
 <junction id="S" type="dead_end" x="0" y="-100" incLanes="s_0" intLanes="" shape=""/>
 <junction id="X" type="{kind}" x="0" y="0" incLanes="w_0 n_0" intLanes=":X_0_0 :X_1_0" shape="-5,5 5,5 5,-5 -5,-5">
  <request index="0" response="00" foes="10" cont="0"/><request index="1" response="01" foes="01" cont="0"/></junction>
 <connection from="w" to="e" fromLane="0" toLane="0" via=":X_0_0" dir="s" state="m"/>
 <connection from="n" to="s" fromLane="0" toLane="0" via=":X_1_0" dir="s" state="m"/>
 <connection from=":X_0" to="e" fromLane="0" toLane="0" dir="s" state="M"/>
 <connection from=":X_1" to="s" fromLane="0" toLane="0" dir="s" state="M"/>
</net>"""


def gives_way(folder: Path, kind: str) -> dict[str, bool]:
    """Of each internal lane, whether it gives way to the other."""
    (folder / "crossing.net.xml").write_text(CROSSING.format(kind=kind))
    network = read(folder / "crossing.net.xml")
    return {network.lanes[c.lane].id: c.yields for c in network.conflicts}


def test_cars_give_way_to_trains_whatever_the_request_table_says(tmp_path: Path) -> None:
    assert gives_way(tmp_path, "rail_crossing") == {":X_0_0": True, ":X_1_0": False}


def test_elsewhere_the_request_table_decides(tmp_path: Path) -> None:
    assert gives_way(tmp_path, "priority") == {":X_0_0": False, ":X_1_0": True}
