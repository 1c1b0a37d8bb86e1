import numpy as np
import pytest

from planner.demand.initial_soc import SocHistogram, draw_initial_soc, read_soc_histogram
from planner.errors import InputDataError

HEADER = "soc_from_share,soc_to_share,n_trips\n"


def test_histogram_quantiles_are_interpolated_and_empty_bins_never_drawn():
    histogram = SocHistogram(
        low_share=np.array([0.2, 0.4, 0.6]),
        high_share=np.array([0.4, 0.6, 1.0]),
        weight=np.array([1.0, 0.0, 3.0]),
    )
    found = histogram.at_quantile(np.array([0.0, 0.125, 0.25, 0.625, 0.999999]))
    np.testing.assert_allclose(found, [0.2, 0.3, 0.6, 0.8, 1.0], atol=1e-5)


def test_half_of_the_trips_start_full_and_the_others_are_uniform():
    soc = draw_initial_soc(0.5, SocHistogram.uniform(0.2), 200_000, np.random.default_rng(1))
    partial = soc[soc < 1.0]
    assert len(partial) / len(soc) == pytest.approx(0.5, abs=0.005)
    np.testing.assert_allclose(np.quantile(partial, [0.25, 0.5, 0.75]), [0.4, 0.6, 0.8], atol=0.01)


def test_raising_the_full_share_fills_trucks_and_empties_none():
    few, many = (
        draw_initial_soc(share, SocHistogram.uniform(0.2), 1000, np.random.default_rng(2))
        for share in (0.3, 0.7)
    )
    assert (many >= few).all()
    assert (many > few).any()


def test_histogram_of_an_earlier_run_is_read_back(tmp_path):
    path = tmp_path / "arrival_soc.csv"
    path.write_text(HEADER + "0.2,0.5,30\n0.5,1.0,70\n", encoding="utf-8")
    histogram = read_soc_histogram(path)
    np.testing.assert_allclose(histogram.at_quantile(np.array([0.3, 0.65])), [0.5, 0.75])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "soc,n_trips\n0.5,1\n",
            "expected arrival_soc.csv of an earlier run.*missing column soc_from_share",
        ),
        (HEADER + "0.2,0.5,3\n0.7,0.6,1\n", "0 <= soc_from_share < soc_to_share <= 1 .* row 3"),
        (HEADER + "20,50,3\n", "must hold; see row 2"),
        (HEADER + "0.2,0.5,many\n", "n_trips must be a finite number .* 'many'"),
        (HEADER + "0.2,0.5,0\n", "trips in at least one bin; found none"),
    ],
)
def test_broken_histograms_are_named(tmp_path, text, message):
    path = tmp_path / "arrival_soc.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputDataError, match=message):
        read_soc_histogram(path)
