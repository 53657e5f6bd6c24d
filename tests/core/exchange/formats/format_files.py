"""Small files of other programs' formats, written by hand for the tests."""

import base64
import json
import zlib
from typing import Any
from urllib.parse import quote

from depmap_gui.exchange.formats.registry import Given, read_files
from depmap_gui.exchange.formats.results import Reading


def reading_of(content: str | bytes, name: str = "file") -> Reading:
    """What one file gives; it must be of one of the formats."""
    raw = content.encode() if isinstance(content, str) else content
    (reading,) = read_files([Given(name, raw)])
    assert reading is not None
    return reading


GRAPHML = """<?xml version="1.0"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
<key id="t" for="node" attr.name="type" attr.type="string"/>
<key id="c" for="node" attr.name="country" attr.type="string"/>
<key id="r" for="edge" attr.name="relationship" attr.type="string"/>
<key id="p" for="edge" attr.name="percent" attr.type="double"/>
<key id="g" for="node" yfiles.type="nodegraphics"/>
<graph edgedefault="directed">
<node id="n0"><data key="g"><y:ShapeNode><y:Geometry x="0" y="10" width="40" height="20"/>
<y:NodeLabel>Parent
 Corp</y:NodeLabel></y:ShapeNode></data><data key="c">Japan</data></node>
<node id="n1"><data key="t">Factory</data><data key="g"><y:ShapeNode>
<y:Geometry x="300" y="10" width="40" height="20"/><y:NodeLabel>=Works</y:NodeLabel>
</y:ShapeNode></data></node>
<node id="n2"><data key="t">Person</data></node>
<edge id="e0" source="n1" target="n0"><data key="r">supplied by</data></edge>
<edge source="n2" target="n0"><data key="r">owns</data><data key="p">12.5</data></edge>
<edge id="e2" source="n0" target="ghost"/>
</graph></graphml>"""

PAGE = """<mxGraphModel><root><mxCell id="0"/><mxCell id="1" parent="0"/>
<mxCell id="a" value="&lt;b&gt;Alpha &amp;amp; Co&lt;/b&gt;" vertex="1" parent="1">
<mxGeometry x="0" y="0" width="120" height="60" as="geometry"/></mxCell>
<object id="b" label="Beta" type="person"><mxCell vertex="1" parent="1">
<mxGeometry x="0" y="400" width="120" height="60" as="geometry"/></mxCell></object>
<mxCell id="e" edge="1" parent="1" source="b" target="a"/>
<mxCell id="l" value="25-50 %" vertex="1" connectable="0" parent="e"/>
<mxCell id="loose" edge="1" parent="1" source="a"/>
<mxCell id="t" value="Draft" style="text;html=1;" vertex="1" parent="1"/>
</root></mxGraphModel>"""


def drawio(page: str, *, is_packed: bool) -> str:
    """A drawing of one page, packed as draw.io packs it."""
    if not is_packed:
        return f"<mxfile><diagram name='P'>{page}</diagram></mxfile>"
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflate.compress(quote(page, safe="~()*!.'").encode()) + deflate.flush()
    return f"<mxfile><diagram>{base64.b64encode(packed).decode()}</diagram></mxfile>"


def bods(record: str, kind: str, day: str = "2020-01-01", **details: Any) -> dict[str, Any]:
    """One statement of BODS 0.4."""
    status = details.pop("status", "new")
    return {
        "statementId": f"{record}-{day}".ljust(32, "x"),
        "declarationSubject": record,
        "statementDate": day,
        "recordId": record,
        "recordType": kind,
        "recordStatus": status,
        "recordDetails": {"isComponent": False, **details},
    }


def entity(record: str, name: str, type: str = "registeredEntity", **more: Any) -> dict[str, Any]:
    return bods(record, "entity", entityType={"type": type}, name=name, **more)


def holding(record: str, party: Any, subject: str, *interests: Any, **more: Any) -> dict[str, Any]:
    told = [{"directOrIndirect": "direct", **interest} for interest in interests]
    return bods(
        record, "relationship", subject=subject, interestedParty=party, interests=told, **more
    )


def as_json(*items: Any) -> str:
    return json.dumps(list(items))
