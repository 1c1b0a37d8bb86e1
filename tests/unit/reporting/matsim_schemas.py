"""What MATSim's schemas say of the elements that the planner writes.

MATSim's own DTDs and XSD are not part of the project. These are written anew after their public
element and attribute lists (network_v2.dtd, population_v6.dtd, chargers_v1.dtd in its present and
earlier form, vehicleDefinitions_v2.0.xsd), cut down to what the planner writes, and stricter:
numbers of the vehicles must be numbers, and nothing may be left out.
"""

import gzip
import io

import pytest
from defusedxml.ElementTree import parse

from planner.reporting.matsim.chargers import MatsimCharger

_ATTRIBUTES = """
<!ELEMENT attributes (attribute*)>
<!ELEMENT attribute (#PCDATA)>
<!ATTLIST attribute name CDATA #REQUIRED class CDATA #REQUIRED>
"""

NETWORK_DTD = f"""
<!ELEMENT network (attributes?, nodes, links)>
<!ATTLIST network name CDATA #IMPLIED>
{_ATTRIBUTES}
<!ELEMENT nodes (node)*>
<!ELEMENT node (attributes?)>
<!ATTLIST node id CDATA #REQUIRED x CDATA #REQUIRED y CDATA #REQUIRED>
<!ELEMENT links (link)*>
<!ATTLIST links capperiod CDATA "01:00:00">
<!ELEMENT link (attributes?)>
<!ATTLIST link id CDATA #REQUIRED from CDATA #REQUIRED to CDATA #REQUIRED length CDATA #REQUIRED
  freespeed CDATA #REQUIRED capacity CDATA #REQUIRED permlanes CDATA #REQUIRED
  oneway CDATA #FIXED "1" modes CDATA "car">
"""

POPULATION_DTD = f"""
<!ELEMENT population (attributes?, person*)>
<!ATTLIST population desc CDATA #IMPLIED>
{_ATTRIBUTES}
<!ELEMENT person (attributes?, plan*)>
<!ATTLIST person id CDATA #REQUIRED>
<!ELEMENT plan (activity | leg)*>
<!ATTLIST plan selected (yes | no) "no">
<!ELEMENT activity (attributes?)>
<!ATTLIST activity type CDATA #REQUIRED x CDATA #IMPLIED y CDATA #IMPLIED link CDATA #IMPLIED
  end_time CDATA #IMPLIED max_dur CDATA #IMPLIED>
<!ELEMENT leg (attributes?, route?)>
<!ATTLIST leg mode CDATA #REQUIRED>
<!ELEMENT route (#PCDATA)>
<!ATTLIST route type CDATA #IMPLIED start_link CDATA #IMPLIED end_link CDATA #IMPLIED
  trav_time CDATA #IMPLIED distance CDATA #IMPLIED>
"""

CHARGERS_DTD = {
    "plug_power": """
<!ELEMENT chargers (charger)*>
<!ELEMENT charger EMPTY>
<!ATTLIST charger id CDATA #REQUIRED link CDATA #REQUIRED type CDATA #IMPLIED
  plug_power CDATA #REQUIRED plug_count CDATA #IMPLIED>
""",
    "power": """
<!ELEMENT chargers (charger)*>
<!ELEMENT charger EMPTY>
<!ATTLIST charger id CDATA #REQUIRED link CDATA #REQUIRED type CDATA #IMPLIED
  power CDATA #REQUIRED capacity CDATA #REQUIRED>
""",
}

VEHICLES_XSD = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
    targetNamespace="http://www.matsim.org/files/dtd" xmlns="http://www.matsim.org/files/dtd"
    elementFormDefault="qualified">
  <xs:complexType name="attributed"><xs:sequence>
    <xs:element name="attributes"><xs:complexType><xs:sequence>
      <xs:element name="attribute" maxOccurs="unbounded"><xs:complexType><xs:simpleContent>
        <xs:extension base="xs:string">
          <xs:attribute name="name" type="xs:string" use="required"/>
          <xs:attribute name="class" type="xs:string" use="required"/>
        </xs:extension></xs:simpleContent></xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence></xs:complexType>
  <xs:complexType name="metres">
    <xs:attribute name="meter" type="xs:decimal" use="required"/></xs:complexType>
  <xs:element name="vehicleDefinitions"><xs:complexType><xs:sequence>
    <xs:element name="vehicleType" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element name="capacity"><xs:complexType>
        <xs:attribute name="seats" type="xs:nonNegativeInteger"/>
        <xs:attribute name="standingRoomInPersons" type="xs:nonNegativeInteger"/>
      </xs:complexType></xs:element>
      <xs:element name="length" type="metres"/>
      <xs:element name="width" type="metres"/>
      <xs:element name="maximumVelocity"><xs:complexType>
        <xs:attribute name="meterPerSecond" type="xs:double" use="required"/>
      </xs:complexType></xs:element>
      <xs:element name="engineInformation" type="attributed"/>
      <xs:element name="costInformation"/>
      <xs:element name="passengerCarEquivalents"><xs:complexType>
        <xs:attribute name="pce" type="xs:decimal"/></xs:complexType></xs:element>
      <xs:element name="networkMode"><xs:complexType>
        <xs:attribute name="networkMode" type="xs:string"/></xs:complexType></xs:element>
      <xs:element name="flowEfficiencyFactor"><xs:complexType>
        <xs:attribute name="factor" type="xs:decimal"/></xs:complexType></xs:element>
    </xs:sequence><xs:attribute name="id" type="xs:string" use="required"/>
    </xs:complexType></xs:element>
    <xs:element name="vehicle" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
      <xs:complexContent><xs:extension base="attributed">
        <xs:attribute name="id" type="xs:string" use="required"/>
        <xs:attribute name="type" type="xs:string" use="required"/>
      </xs:extension></xs:complexContent></xs:complexType></xs:element>
  </xs:sequence></xs:complexType>
    <xs:key name="types"><xs:selector xpath="*"/><xs:field xpath="@id"/></xs:key>
  </xs:element>
</xs:schema>
"""


def opened(path):
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def assert_valid(path, dtd_text):
    etree = _etree()
    with opened(path) as stream:
        document = etree.parse(stream, etree.XMLParser(load_dtd=False, no_network=True))
    dtd = etree.DTD(io.StringIO(dtd_text))
    assert dtd.validate(document), dtd.error_log
    assert document.docinfo.system_url.startswith("http://www.matsim.org/files/dtd/")


def assert_valid_vehicles(path):
    etree = _etree()
    schema = etree.XMLSchema(etree.fromstring(VEHICLES_XSD))
    with opened(path) as stream:
        assert schema.validate(etree.parse(stream)), schema.error_log


def read_chargers(path):
    """Chargers of a file in either dialect."""
    with opened(path) as stream:
        found = [element.attrib for element in parse(stream).getroot()]
    return [
        MatsimCharger(
            each["id"],
            each["link"],
            each["type"],
            float(each.get("plug_power") or each["power"]),
            int(each.get("plug_count") or each["capacity"]),
        )
        for each in found
    ]


def _etree():
    return pytest.importorskip("lxml.etree", reason="lxml, which validates XML, is not installed")
