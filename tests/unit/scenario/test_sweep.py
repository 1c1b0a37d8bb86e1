"""Sweep files: every combination is validated before anything runs, and all faults are told."""

from __future__ import annotations

import pickle

import pytest

from planner.errors import ScenarioError
from planner.scenario.sweep import load_sweep, value_text

SWEEP = """\
name: levels
base: germany-10
axes:
  demand.electrification_share: [0.05, 0.1]
  sites.network: [policy, extended]
replications: 3
"""


@pytest.fixture
def sweep_of(tmp_path):
    def load(text):
        path = tmp_path / "sweep.yaml"
        path.write_text(text, encoding="utf-8")
        return load_sweep(path)

    return load


def faults_of(sweep_of, text):
    with pytest.raises(ScenarioError) as error:
        sweep_of(text)
    return error.value.faults


def test_every_combination_is_a_scenario_with_its_values(sweep_of):
    sweep = sweep_of(SWEEP)
    assert [
        (variant.scenario.demand.electrification_share, variant.scenario.sites.network)
        for variant in sweep.variants
    ] == [(0.05, "policy"), (0.05, "extended"), (0.1, "policy"), (0.1, "extended")]
    first = sweep.variants[0]
    assert first.label == "electrification_share=0.05_network=policy"
    assert "electrification_share 0.05" in first.scenario.description


def test_a_replication_has_the_same_seed_in_all_combinations(sweep_of):
    sweep = sweep_of(SWEEP)
    seeds = {
        tuple(variant.replication(number).seed for number in (1, 2, 3))
        for variant in sweep.variants
    }
    assert seeds == {(1, 2, 3)}


def test_labels_are_names_for_folders_and_differ(sweep_of):
    sweep = sweep_of(
        "name: odd\nbase: germany-10\naxes:\n"
        "  sites: [{source: builtin, network: policy}, {source: builtin, network: extended}]\n"
        "  demand.days: [[mon], [mon, tue]]\n"
    )
    labels = [variant.label for variant in sweep.variants]
    assert len(set(labels)) == 4
    assert all("/" not in label and " " not in label and len(label) < 120 for label in labels)


def test_axes_with_the_same_ending_are_told_apart(sweep_of):
    sweep = sweep_of(
        "name: ends\nbase: germany-10\naxes:\n"
        "  demand.source: [builtin]\n  network.source: [builtin]\n"
    )
    assert sweep.variants[0].label == "demand.source=builtin_network.source=builtin"


def test_a_base_beside_the_sweep_comes_before_a_bundled_one(sweep_of, tmp_path):
    (tmp_path / "own.yaml").write_text(
        "name: own\nnetwork: {source: builtin}\nsites: {source: builtin, network: policy}\n"
        "demand: {source: builtin, electrification_share: 0.02}\n",
        encoding="utf-8",
    )
    sweep = sweep_of("name: s\nbase: own.yaml\n")
    assert sweep.variants[0].scenario.demand.electrification_share == 0.02
    assert sweep.variants[0].label == "base"
    folder = tmp_path / "denmark"  # as planner country makes one
    folder.mkdir()
    (tmp_path / "own.yaml").rename(folder / "study.yaml")
    sweep = sweep_of("name: s\nbase: denmark\n")
    assert sweep.variants[0].scenario.demand.electrification_share == 0.02


def test_faults_of_all_combinations_are_told_once(sweep_of):
    faults = faults_of(
        sweep_of,
        "name: wrong\nbase: germany-10\naxes:\n"
        "  demand.electrification_shar: [0.05, 0.1]\n"
        "  sites.network: [polcy, extended]\n"
        "  optimization.population: [3, 100]\n",
    )
    assert len(faults) == 3
    assert any("did you mean 'electrification_share'" in fault for fault in faults)
    assert any("did you mean 'policy'" in fault for fault in faults)
    assert any("a whole number from 8 to 2000; found 3" in fault for fault in faults)


def test_a_value_may_be_a_whole_section(sweep_of):
    faults = faults_of(
        sweep_of,
        "name: mixed\nbase: germany-10\naxes:\n"
        "  sites: [{source: builtin, network: policy}, {source: spacing, spacing_km: -1}]\n"
        "  demand.electrification_share: [0.1, 0.2]\n",
    )
    assert faults == ("sites.spacing_km: expected a number from 5 to 500; found -1",)


def test_a_fault_that_only_one_combination_has_names_it(sweep_of):
    faults = faults_of(
        sweep_of,
        "name: mixed\nbase: germany-10\naxes:\n"
        "  network: [{source: builtin}, {source: etisplus, path: .}]\n",
    )
    assert len(faults) == 1
    assert "built-in sites lie on the built-in network" in faults[0]
    assert '(with network: {"path": ".", "source": "etisplus"})' in faults[0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("axes: {seed: [1, 2]}", "set replications"),
        ("axes: {demand.days: []}", "no values"),
        ("axes: {sites.network: [policy, policy]}", "a value twice"),
        ("axis: {sites.network: [policy]}", "did you mean 'axes'"),
        ("replicate_until: {mean_wait_interval_min: 1}", "replications of at least 2"),
        ("replications: 30\nreplicate_until: {mean_wait_interval_min: 1}", "at_most"),
        ("replications: 0", "from 1 to 1000; found 0"),
    ],
)
def test_a_fault_of_the_sweep_itself_is_named(sweep_of, line, expected):
    assert expected in " ".join(faults_of(sweep_of, f"name: s\nbase: germany-10\n{line}\n"))


def test_a_sweep_beyond_measure_is_refused(sweep_of):
    shares = ", ".join(str(percent / 100) for percent in range(11))
    text = (
        f"name: s\nbase: germany-10\nreplications: 1000\naxes: {{demand.loaded_share: [{shares}]}}"
    )
    assert "at most 10,000 runs; found 11,000" in faults_of(sweep_of, text)[0]


def test_a_missing_base_is_named(sweep_of):
    with pytest.raises(ScenarioError, match=r"nowhere\.yaml"):
        sweep_of("name: s\nbase: nowhere.yaml\n")


def test_values_read_as_they_are_written():
    assert [value_text(value) for value in (0.05, 5, "policy", True, [1, 2])] == [
        "0.05",
        "5",
        "policy",
        "true",
        "[1, 2]",
    ]


def test_a_scenario_error_travels_between_processes():
    error = ScenarioError(["one", "two"], "file.yaml")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # made on the line itself
    assert (again.faults, again.where, str(again)) == (error.faults, error.where, str(error))


@pytest.mark.parametrize("base", ["a" * 300 + ".yaml", "~nobody-at-all/x.yaml"])
def test_a_base_that_no_system_can_look_for_is_named(sweep_of, base):
    [fault] = faults_of(sweep_of, f"name: s\nbase: {base}\naxes: {{chargers.hpc_kw: [1]}}\n")
    assert fault.startswith("base: expected a path that can be followed")
