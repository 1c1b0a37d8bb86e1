import pytest

from planner.demand.matsim_vehicles import read_initial_soc
from planner.errors import InputDataError

HEAD = '<vehicleDefinitions xmlns="http://www.matsim.org/files/dtd">'


def vehicle(name, soc):
    attribute = f'<attribute name="initialSoc" class="java.lang.Double">{soc}</attribute>'
    return f'<vehicle id="{name}" type="t"><attributes>{attribute}</attributes></vehicle>'


@pytest.fixture
def read(tmp_path):
    def run(text):
        path = tmp_path / "vehicles.xml"
        path.write_text(text, encoding="utf-8")
        return read_initial_soc(path)

    return run


def test_vehicles_say_their_charge_or_nothing(read):
    bare = '<vehicle id="b" type="t"/>'
    text = HEAD + vehicle("a", 0.25) + bare + vehicle("c", 1.0) + "</vehicleDefinitions>"
    assert read(text) == {"a": 0.25, "c": 1.0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + vehicle("a", 80) + "</vehicleDefinitions>", "vehicle a: .* 0 to 1, found '80'"),
        (HEAD + vehicle("a", "full") + "</vehicleDefinitions>", "found 'full'"),
        (HEAD + "</vehicleDefinitions>", "found none; leave demand.vehicles out"),
        (HEAD + vehicle("a", 0.5), "not well-formed"),
        ("<population/>", "outermost element"),
    ],
)
def test_broken_files_are_named(read, text, message):
    with pytest.raises(InputDataError, match=message):
        read(text)
