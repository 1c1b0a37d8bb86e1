import h5py
import numpy as np
import pytest

from planner.demand.omx_matrices import read_omx
from planner.errors import InputDataError
from planner.files import hdf5_files


@pytest.fixture
def omx(tmp_path):
    """Write a file with a function, and read it with the names asked for."""

    def read(fill, matrix=None, lookup=None):
        path = tmp_path / "m.omx"
        with h5py.File(path, "w") as file:
            fill(file)
        return read_omx(path, matrix, lookup)

    return read


@pytest.fixture
def other(tmp_path):
    path = tmp_path / "other.h5"
    with h5py.File(path, "w") as file:
        file["data/m"] = np.full((2, 2), 7.0)
    (tmp_path / "raw.bin").write_bytes(np.full((2, 2), 7.0).tobytes())
    return path


def counted(n_zones=2):
    return np.arange(1.0, n_zones**2 + 1).reshape(n_zones, n_zones)


def in_raw_bytes_of_another_file(file, other):
    storage = [(str(other.with_name("raw.bin")), 0, 32)]
    file.create_dataset("data/m", (2, 2), "f8", external=storage)


def linked_to_another_file(file, other):
    file.create_group("data")["m"] = h5py.ExternalLink(str(other), "/data/m")


def data_linked_to_another_file(file, other):
    file["data"] = h5py.ExternalLink(str(other), "/data")


def linked_to_another_place(file, _other):
    file["x"] = counted()
    file.create_group("data")["m"] = h5py.SoftLink("/x")


def linked_to_nowhere(file, _other):
    file.create_group("data")["m"] = h5py.SoftLink("/none")


def seen_through_a_virtual_data_set(file, other):
    layout = h5py.VirtualLayout((2, 2), "f8")
    layout[:] = h5py.VirtualSource(str(other), "data/m", (2, 2))
    file.create_virtual_dataset("data/m", layout)


def a_group(file, _other):
    file["data/m/inside"] = counted()


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        (in_raw_bytes_of_another_file, "in the file itself under '/data/m', found data in another"),
        (linked_to_another_file, "found a link to another file"),
        (data_linked_to_another_file, "under '/data', found a link to another file"),
        (linked_to_another_place, "found a link to another place"),
        (linked_to_nowhere, "found a link to another place"),
        (seen_through_a_virtual_data_set, "found a view on other files"),
        (a_group, "under '/data/m', found a group"),
    ],
)
def test_a_matrix_that_does_not_lie_in_the_file_is_refused(omx, other, fill, said):
    with pytest.raises(InputDataError, match=rf"m\.omx: expected .*{said}"):
        omx(lambda file: fill(file, other))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"shape": (20_000, 20_000)}, "3,200 MB of which the file holds 0 bytes"),
        ({"shape": (20_000, 20_000), "chunks": (100, 100)}, "which the file holds 0 bytes"),
        ({"shape": (30_000, 30_000), "chunks": (1, 100)}, "at most 20,000 columns"),
        ({"shape": (10**6, 10**6), "chunks": (1, 100)}, "at most 20,000 columns"),
        ({"shape": ()}, "found a single value"),
        ({"shape": (2, 2, 2)}, "found the shape 2 x 2 x 2"),
        ({"shape": (0, 0)}, "found the shape 0 x 0"),
        ({"shape": (2, 2), "dtype": "S9"}, "expected a matrix of numbers"),
        ({"shape": (2, 2), "dtype": h5py.string_dtype()}, "expected a matrix of numbers"),
        ({"shape": (2, 2), "dtype": np.dtype([("a", "f8")])}, "expected a matrix of numbers"),
        ({"shape": (2, 2), "dtype": "S900000000"}, "at most 1,000 signs"),
    ],
)
def test_sizes_and_types_are_looked_at_before_room_is_made(omx, settings, said):
    with pytest.raises(InputDataError, match=said):
        omx(lambda file: file.create_dataset("data/m", **{"dtype": "f8"} | settings))


def test_chunks_that_fill_the_memory_are_refused(omx):
    def fill(file):
        file.create_dataset("data/m", (6000, 6000), "f8", chunks=(6000, 6000), compression=9)

    with pytest.raises(InputDataError, match="at most 200 MB under '/data/m', found chunks of 288"):
        omx(fill)


def test_a_filter_that_would_be_looked_for_in_a_folder_is_refused(omx):
    def fill(file):
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_chunk((2, 2))
        plan.set_filter(32_001, h5py.h5z.FLAG_OPTIONAL, ())  # blosc
        space = h5py.h5s.create_simple((2, 2))
        group = file.create_group("data")
        h5py.h5d.create(group.id, b"m", h5py.h5t.NATIVE_DOUBLE, space, plan)

    with pytest.raises(InputDataError, match="found the filter of number 32001"):
        omx(fill)


@pytest.mark.parametrize("settings", [{"compression": 4}, {"compression": "lzf"}, {}])
def test_packed_and_sparse_matrices_are_read_cell_by_cell(omx, settings):
    def fill(file):
        matrix = np.zeros((1700, 1700))
        matrix[[0, 1699], [1699, 1]] = [4.0, 5.0]
        file.create_dataset("data/m", data=matrix, shuffle=bool(settings), **settings)

    found = omx(fill)
    assert found.origin_idx.tolist() == [0, 1699]
    assert found.destination_idx.tolist() == [1699, 1]
    assert found.volume.tolist() == [4.0, 5.0]


def test_impossible_volumes_are_told_with_their_place(omx):
    def fill(file):
        file["data/m"] = [[0.0, 1.0], [1e300, np.inf]]

    with pytest.raises(InputDataError, match=r"trucks, found 1e\+300 from 2 to 1 and"):
        omx(fill)


def two_lookups(file):
    file["data/m"] = counted(3)
    file["lookup/Index"] = [3, 2, 1]
    file["lookup/zone_number"] = [1.0, 2.0, 3.0]


def test_one_of_several_lookups_is_asked_for(omx):
    with pytest.raises(InputDataError, match="lookup to one of Index, zone_number; found several"):
        omx(two_lookups)
    assert omx(two_lookups, lookup="Index").names.tolist() == ["3", "2", "1"]
    assert omx(two_lookups, lookup="zone_number").names.tolist() == ["1", "2", "3"]
    with pytest.raises(InputDataError, match="one of Index, zone_number; found 'TAZ'"):
        omx(two_lookups, lookup="TAZ")


@pytest.mark.parametrize(
    ("lookup", "said"),
    [
        (np.array([b"K\xf6ln", b"Bonn"]), r"in UTF-8, found .*K\\xf6ln"),
        (5, "found a single value"),
        ([1, 2, 3], "found 3 entries"),
        ([[1, 2]], "found 1 x 2 entries"),
        ([1, 1], "found 1 different names"),
        (np.array([b"", b"a"]), "found 1 different names"),
    ],
)
def test_lookups_that_name_no_zones_are_refused(omx, lookup, said):
    def fill(file):
        file["data/m"] = counted()
        file["lookup/zone"] = lookup

    with pytest.raises(InputDataError, match=rf"the lookup 'zone' .*{said}"):
        omx(fill)


def test_a_lookup_of_ten_thousand_million_entries_is_refused_unread(omx):
    def fill(file):
        file["data/m"] = counted()
        file.create_dataset("lookup/zone", (10**10,), "i8", chunks=(1000,))

    with pytest.raises(InputDataError, match="at most 20,000 columns"):
        omx(fill)


def test_a_large_matrix_packs_like_other_files_and_a_small_one_may_be_almost_empty(
    omx, monkeypatch
):
    def fill(file):
        file.create_dataset("data/m", data=np.zeros((600, 600)), chunks=(600, 600), compression=9)

    monkeypatch.setattr(hdf5_files, "FREE_UNPACKED_BYTES", 100_000)
    assert not len(omx(fill).volume)
    monkeypatch.setattr(hdf5_files, "SPARSE_BYTES", 1_000_000)
    with pytest.raises(InputDataError, match="3 MB of which the file holds"):
        omx(fill)
