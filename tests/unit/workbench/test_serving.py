"""Where the workbench listens, and what is said where it cannot."""

import pytest

from planner.cli import main
from planner.errors import RunDirectoryError
from planner.workbench.guard import Address
from planner.workbench.serving import listening_on


def test_it_listens_on_this_machine_alone_and_a_port_that_is_taken_is_told():
    with listening_on(0) as first:
        host, port = first.getsockname()
        assert host == "127.0.0.1"
        with pytest.raises(RunDirectoryError, match=f"--port {port}: cannot be used"):
            listening_on(port)


@pytest.mark.parametrize("folder", ["missing", "file"])
def test_a_folder_that_is_none_ends_with_one_message(tmp_path, monkeypatch, capsys, folder):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("sys.argv", ["planner", "open", str(tmp_path / folder), "--no-browser"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert "expected a folder of studies and runs" in " ".join(capsys.readouterr().err.split())


def test_the_address_leads_to_the_plan_of_a_run_in_a_language():
    address = Address(8000, "a-token")
    assert address.page() == "http://127.0.0.1:8000/?token=a-token"
    assert address.page("a run", "de") == (
        "http://127.0.0.1:8000/plan?run=a+run&lang=de&token=a-token"
    )
    assert address.knows("a-token")
    assert not address.knows("a-token ")
    assert not address.knows("")
