"""A reference case in PyPSA. Says what it took, as JSON.

    python peer.py CASE build|simplex|ipx|hipo [LIMIT_S]

`build` makes the model and hands it to HiGHS; the others solve it, too, with the tolerance and without the crossover of
examples/bench_plan.rs. Reads the reference case's own files, so that nothing of ours stands between.
"""

import json
import logging
import resource
import sys
import time
import warnings

import pandas as pd
import pypsa
from linopy.io import to_highspy

CASE, MODE = sys.argv[1], sys.argv[2]
LIMIT_S = float(sys.argv[3]) if len(sys.argv) > 3 else 3600.0
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)


def cpu_s():
    """User and system, children included."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(it.ru_utime + it.ru_stime for it in used)


def memory_mb(what):
    """VmRSS or VmHWM of this process, in MiB."""
    with open("/proc/self/status") as status:
        return next(float(line.split()[1]) for line in status if line.startswith(what)) / 1024


def read(name, **options):
    return pd.read_csv(f"{CASE}/{name}.csv", **options)


def static(name, columns):
    """A component table, empty cells left to PyPSA's defaults."""
    table = read(name, index_col="name")
    table = table.rename(columns={"extendable": "p_nom_extendable"})
    table["p_nom_extendable"] = table["p_nom_extendable"].astype(bool)
    if not MULTI:
        table["build_year"], table["lifetime"] = 0, float("inf")
    return table[[it for it in table.columns if it in columns]]


with open(f"{CASE}/case.json") as file:
    HEAD = json.load(file)
MULTI = HEAD["multi"]
imported_s = cpu_s()

n = pypsa.Network()
periods, steps = HEAD["periods"], range(HEAD["snapshots"])
if MULTI:
    years = [it["year"] for it in periods]
    n.set_snapshots(pd.MultiIndex.from_product([years, steps], names=["period", "timestep"]))
    n.investment_periods = years
    n.investment_period_weightings["years"] = [it["years"] for it in periods]
    n.investment_period_weightings["objective"] = [it["objective"] for it in periods]
else:
    n.set_snapshots(list(steps))
for name, weight in HEAD["snapshot_weight"].items():
    n.snapshot_weightings[name] = weight
n.add("Bus", HEAD["sites"])
carriers = read("carriers", index_col="name")
n.add("Carrier", carriers.index, co2_emissions=carriers["co2_emissions"])


def spread(series, factors=None):
    """The same hours in every period."""
    factors = factors or [1.0] * (len(periods) if MULTI else 1)
    whole = pd.concat([series * factor for factor in factors])
    whole.index = n.snapshots
    return whole


common = ["bus", "carrier", "build_year", "lifetime", "p_nom_extendable", "p_nom", "p_nom_min", "p_nom_max",
          "marginal_cost", "capital_cost"]
generators = read("generators", index_col="name")
table = static("generators", [*common, "efficiency", "ramp_limit_up", "ramp_limit_down"])
series = {kind: read(f"availability_{kind}", index_col="t") for kind in ("wind", "solar", "hydro")}
known = generators[generators["availability"].notna()]
available = pd.DataFrame({name: series[row.availability][row.bus] for name, row in known.iterrows()})
n.add("Generator", table.index, **{it: table[it] for it in table})
n.generators_t.p_max_pu = spread(available)
table = static("storage_units", [*common, "max_hours", "efficiency_store", "efficiency_dispatch", "standing_loss"])
n.add("StorageUnit", table.index, **{it: table[it] for it in table}, cyclic_state_of_charge=True,
      cyclic_state_of_charge_per_period=True)
table = static("links", ["bus0", "bus1", *common[1:]])
n.add("Link", table.index, **{it: table[it] for it in table}, p_min_pu=-1.0)
factors = [it["load_factor"] for it in periods] if MULTI or len(periods) == 1 else None
loads = read("load", index_col="t")
n.add("Load", loads.columns, bus=loads.columns, p_set=spread(loads, factors))
for at, limit in enumerate(HEAD["co2_limit_t"]):
    year = {"investment_period": periods[at]["year"]} if MULTI else {}
    n.add("GlobalConstraint", f"co2_{at}", type="primary_energy", carrier_attribute="co2_emissions", sense="<=",
          constant=limit, **year)

ready_s, base_mb = cpu_s(), memory_mb("VmRSS")
# What was needed up to here no longer counts as the most.
with open("/proc/self/clear_refs", "w") as refs:
    refs.write("5")
told = {"imported_cpu_s": imported_s, "ready_cpu_s": ready_s - imported_s, "base_mb": base_mb}
begun = time.perf_counter()
if MODE == "build":
    model = n.optimize.create_model(multi_investment_periods=MULTI)
    created_s = cpu_s()
    solver = to_highspy(model)
    told |= {
        "create_cpu_s": created_s - ready_s,
        "transfer_cpu_s": cpu_s() - created_s,
        "columns": solver.getNumCol(),
        "rows": solver.getNumRow(),
        "entries": solver.getNumNz(),
    }
else:
    options = {"solver": MODE, "time_limit": LIMIT_S, "output_flag": False, "threads": 1}
    if MODE != "simplex":
        options |= {"run_crossover": "off", "ipm_optimality_tolerance": 1e-9}
    status = n.optimize(multi_investment_periods=MULTI, solver_name="highs", io_api="direct", include_objective_constant=False,
                        **options)
    told |= {"status": list(status), "objective": n.objective}
told |= {"cpu_s": cpu_s() - ready_s, "wall_s": time.perf_counter() - begun, "peak_mb": memory_mb("VmHWM")}
print(json.dumps(told))
