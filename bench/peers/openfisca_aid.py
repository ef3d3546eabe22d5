"""The rules of hardship aid in OpenFisca-core, for ``bench/screening.py``; runs in the environment of the peers.

    python bench/peers/openfisca_aid.py FOLDER memory|parquet

Reads ``persons``, ``households`` (Parquet) and ``figures.json`` from FOLDER, writes ``peer.parquet``, prints JSON.
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from openfisca_core.entities import build_entity
from openfisca_core.periods import YEAR
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2026"
Person = build_entity(key="person", plural="persons", label="person", is_person=True)
Household = build_entity(key="household", plural="households", label="household", roles=[{"key": "member"}])
FIGURES = {}


def variable(name, entity, formula=None, kind=int):
    body = {"value_type": kind, "entity": entity, "definition_period": YEAR, "label": name}
    if formula is not None:
        body["formula"] = formula
    return type(name, (Variable,), body)


def of_persons(name):
    return lambda household, period, parameters: household.sum(household.members(name, period))


def income(person, period, parameters):
    counted = FIGURES["income"]
    return sum(person(name, period) for name in counted) + np.maximum(0, person("business_net_income", period))


def medical_rest(person, period, parameters):
    return person("medical_total", period) - sum(person(name, period) for name in FIGURES["reimbursed"])


def school_allowed(person, period, parameters):
    caps = np.array(FIGURES["education_cap"], dtype=np.int64)
    return np.minimum(person("education_cost", period), caps[person("stage", period)])


def at_stage(stage):
    return lambda person, period, parameters: (person("stage", period) == stage).astype(np.int32)


def big(household, name, period):
    return household(name, period).astype(np.int64)


def line(household, period, parameters):
    return np.array(FIGURES["dibao_line"])[household("region", period)]


def self_paid(household, period, parameters):
    return np.maximum(0, household.sum(household.members("medical_rest", period)))


def half_up(above, below):
    return (2 * above + below) // (2 * below)


def job_costs(household, period, parameters):
    months = household.sum(household.members("employed_months", period)).astype(np.int64)
    return half_up(FIGURES["job_cost_rate"] * big(household, "line", period) * months, 10000)


def net(household, period, parameters):
    rigid = household("self_paid", period) + household("schooling", period)
    rigid = rigid + household("disability_care", period) + household("job_costs", period)
    return household("annual_income", period) - rigid


def accident_net(household, period, parameters):
    rest = household("accident_loss", period) - household("accident_compensation", period)
    return np.maximum(0, rest - household("accident_insurance", period) - household("accident_relief", period))


def year_line(household, period, parameters):
    return household("line", period) * 12 * household("persons", period)


def eligible(household, period, parameters):
    long_enough = household("labour_months", period) >= FIGURES["migrant_months"]
    fileable = household("union_member", period) & (~household("rural_migrant", period) | long_enough)
    return fileable & ~household("hard_exclusion", period)


def deep_income(household, period, parameters):
    return big(household, "net", period) < FIGURES["deep_multiple"] * big(household, "year_line", period)


def relative_income(household, period, parameters):
    return big(household, "net", period) < FIGURES["relative_multiple"] * big(household, "year_line", period)


def accident_cause(household, period, parameters):
    share = FIGURES["accident_ratio"] * big(household, "annual_income", period)
    return (10000 * big(household, "accident_net", period) > share) | household("disaster_casualty", period)


def edge(household, period, parameters):
    share = FIGURES["edge_multiple"] * big(household, "year_line", period)
    within = 10000 * big(household, "annual_income", period) <= share
    older = household("students_high", period) + household("students_higher", period) > 0
    cause = (household("self_paid", period) > FIGURES["edge_medical"]) | older
    return within & (cause | (household("accident_net", period) > 0))


# classes: 0 none, 1 deep, 2 relative, 3 accident, 4 edge
def file_class(household, period, parameters):
    deep, relative = household("deep_income", period), household("relative_income", period)
    conditions = [
        ~household("eligible", period),
        deep & ~household("soft_exclusion", period),
        deep | relative,
        household("accident_cause", period),
        household("edge", period),
    ]
    return np.select(conditions, [0, 1, 2, 3, 4], 0)


def living(household, period, parameters):
    return np.array(FIGURES["living_months"])[household("file_class", period)] * household("line", period)


def medical(household, period, parameters):
    classed, paid = household("file_class", period), big(household, "self_paid", period)
    share = half_up(np.array(FIGURES["medical_rate"])[classed] * paid, 10000 * 100) * 100
    whole = paid // 100 * 100
    caps = np.array(FIGURES["medical_cap"])[classed]
    return np.minimum(np.minimum(share, np.where(caps < 0, whole, caps)), whole)


def education(household, period, parameters):
    table, months = np.array(FIGURES["school_table"]), np.array(FIGURES["school_months"])
    region, classed = household("region", period), household("file_class", period)
    total = np.zeros(len(region), dtype=np.int64)
    for place, stage in enumerate(("preschool", "compulsory", "high", "higher")):
        written = table[region, classed, place]
        each = np.where(written >= 0, written, months[classed, place] * household("line", period))
        total += each * household("students_" + stage, period)
    return total


def left(item):
    return lambda household, period, parameters: np.maximum(
        0, household(item, period) - household("prior_" + item, period)
    )


def base(household, period, parameters):
    return household("net", period) + sum(household("prior_" + item, period) for item in FIGURES["priors"])


def recheck(household, period, parameters):
    return FIGURES["relative_multiple"] * household("year_line", period)


def deep_living(household, period, parameters):
    open_ = household("base", period) < household("recheck", period)
    return np.where(open_ & (household("file_class", period) == 1), household("living_left", period), 0)


def deep_medical(household, period, parameters):
    so_far = household("base", period) + household("deep_living", period)
    open_ = (so_far < household("recheck", period)) & (household("file_class", period) == 1)
    return np.where(open_, household("medical_left", period), 0)


def deep_education(household, period, parameters):
    so_far = household("base", period) + household("deep_living", period) + household("deep_medical", period)
    open_ = (so_far < household("recheck", period)) & (household("file_class", period) == 1)
    return np.where(open_, household("education_left", period), 0)


def accident_aid(household, period, parameters):
    share = half_up(FIGURES["accident_rate"] * big(household, "accident_net", period), 10000 * 100) * 100
    classed = household("file_class", period)
    fits = household("accident_cause", period) & ((classed == 2) | (classed == 3))
    return np.where(fits, np.minimum(share, FIGURES["accident_cap"]), 0)


# chosen: 0 none, 1 medical, 2 education, 3 living, 4 accident
def chosen(household, period, parameters):
    parts = [household(name, period) for name in ("medical", "education", "living", "accident_aid")]
    highest = np.maximum(np.maximum(parts[0], parts[1]), np.maximum(parts[2], parts[3]))
    classed = household("file_class", period)
    single = (highest > 0) & ((classed == 2) | (classed == 3))
    return np.where(single, np.select([part == highest for part in parts], [1, 2, 3, 4], 0), 0)


def pay(item, place):
    def formula(household, period, parameters):
        single = np.where(household("chosen", period) == place, household(item + "_left", period), 0)
        return np.where(household("file_class", period) == 1, household("deep_" + item, period), single)

    return formula


def pay_accident(household, period, parameters):
    rest = np.maximum(0, household("accident_aid", period) - household("prior_accident", period))
    return np.where(household("chosen", period) == 4, rest, 0)


def pay_warmth(household, period, parameters):
    rest = np.maximum(0, FIGURES["warmth_money"] - household("prior_warmth", period))
    return np.where(household("file_class", period) == 4, rest, 0)


def pay_temporary(household, period, parameters):
    costs = big(household, "self_paid", period) + household("accident_net", period)
    share = half_up(FIGURES["temporary_rate"] * costs, 10000 * 100) * 100
    fits = ~household("eligible", period) & ~household("hard_exclusion", period)
    amount = np.where(fits, np.minimum(share, FIGURES["temporary_cap"]), 0)
    return np.maximum(0, amount - household("prior_temporary", period))


def total(household, period, parameters):
    return sum(household("pay_" + item, period) for item in FIGURES["priors"])


OF_HOUSEHOLD = [line, self_paid, job_costs, net, accident_net, year_line, file_class, living, medical, education, base]
OF_HOUSEHOLD += [recheck, deep_living, deep_medical, deep_education, accident_aid, chosen]
OF_HOUSEHOLD += [pay_accident, pay_warmth, pay_temporary, total]
TESTS = [eligible, deep_income, relative_income, accident_cause, edge]


def system(persons, households):
    found = TaxBenefitSystem([Person, Household])
    for column in persons:
        found.add_variable(variable(column, Person))
    for column, array in households.items():
        found.add_variable(variable(column, Household, kind=bool if array.dtype == bool else int))
    for formula in (income, medical_rest, school_allowed):
        found.add_variable(variable(formula.__name__, Person, formula))
    for place, stage in enumerate(("preschool", "compulsory", "high", "higher"), 1):
        found.add_variable(variable("is_" + stage, Person, at_stage(place)))
        found.add_variable(variable("students_" + stage, Household, of_persons("is_" + stage)))
    found.add_variable(variable("annual_income", Household, of_persons("income")))
    found.add_variable(variable("schooling", Household, of_persons("school_allowed")))
    for formula in OF_HOUSEHOLD:
        found.add_variable(variable(formula.__name__, Household, formula))
    for formula in TESTS:
        found.add_variable(variable(formula.__name__, Household, formula, bool))
    for place, item in enumerate(("medical", "education", "living"), 1):
        found.add_variable(variable(item + "_left", Household, left(item)))
        found.add_variable(variable("pay_" + item, Household, pay(item, place)))
    return found


def arrays(path):
    table = pq.read_table(path)
    return {name: table[name].to_numpy() for name in table.column_names}


def run(rules, members, persons, households):
    """Build and compute: what a caller pays who has the columns in memory."""
    builder = SimulationBuilder()
    builder.create_entities(rules)
    builder.declare_person_entity("person", np.arange(len(members)))
    group = builder.declare_entity("household", np.arange(len(households["region"])))
    builder.join_with_persons(group, members, ["member"])
    simulation = builder.build(rules)
    for columns in (persons, households):
        for name, array in columns.items():
            simulation.set_input(name, PERIOD, array)
    wanted = ["file_class", "total", *("pay_" + item for item in FIGURES["priors"])]
    return {name: simulation.calculate(name, PERIOD) for name in wanted}


def main():
    folder, way = Path(sys.argv[1]), sys.argv[2]
    FIGURES.update(json.loads((folder / "figures.json").read_text()))
    started, used = time.perf_counter(), time.process_time()
    persons, households = arrays(folder / "persons.parquet"), arrays(folder / "households.parquet")
    members = persons.pop("household")
    rules = system(persons, households)
    if way == "memory":
        started, used = time.perf_counter(), time.process_time()
    found = run(rules, members, persons, households)
    seconds, processor = time.perf_counter() - started, time.process_time() - used
    pq.write_table(pa.table(found), folder / "peer.parquet")
    if way == "parquet":
        seconds, processor = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": seconds, "processor": processor, "peak_mb": peak}))


if __name__ == "__main__":
    main()
