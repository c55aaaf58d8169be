"""The notebook ``first_model.ipynb`` as text: ``make docs`` writes it from the cells below, and a test runs it."""
# ruff: noqa: E402

# %% [markdown]
# # A first model, from nothing
#
# This draws synthetic radiographs, trains two small networks on them, compares them, and looks where one of them looks. It needs the core
# alone: no dashboard, no images, no network; about half a minute on two cores that have nothing else to do. The films are synthetic and so
# few that the figures mean nothing about medicine.

# %%
import tempfile
from pathlib import Path

from core.datasets import open_dataset
from core.datasets.phantom.write import write_phantoms

folder = Path(tempfile.mkdtemp())
films, models = folder / "films", folder / "models"
write_phantoms(films, n=160, seed=1)  # in Kaggle's layout, with the true opacity of each in masks/
dataset = open_dataset(films)
dataset.samples.groupby(["split", "class_name"]).size().unstack()

# %% [markdown]
# ## What could mislead a model?
#
# The audit reads the table of images, no pixels. Worst first; `unknown` where so few images cannot tell.

# %%
from core.audit import audit_dataset

for finding in audit_dataset(dataset):
    print(f"{finding.severity:>8}  {finding.title}")

# %% [markdown]
# ## Train
#
# A run is planned, made (a directory with its configuration), and trained. Validation is split off train by patient; it decides which
# epoch is kept and the threshold. The test images are scored once, at the end. Two runs: without and with a remedy for imbalance.

# %%
from core.runs.store import create_run
from core.training.plan import plan, with_classes
from core.training.train import train

settings = {"epochs": "3", "batch_size": "16", "learning_rate": "2e-3", "warmup": "0", "selection": "val_loss"}
runs = []
for remedy in ({}, {"class_weights": "balanced"}):
    config = with_classes(plan("lens_small", 2, settings | remedy, seed=0), dataset)
    run = create_run(config, films, models)
    outcome = train(run)
    print(f"{run.name}: {outcome.state} after {outcome.epochs} epochs, {outcome.seconds:.1f} s")
    runs.append(run)

# %%
runs[0].history[["epoch", "loss", "val_loss", "val_accuracy"]]

# %% [markdown]
# ## Compare
#
# Every figure is computed from the stored scores, with a 95 % interval. Differences are paired, since both runs judge the same films.

# %%
from core.metrics.comparison import compare_runs
from core.metrics.evaluation import evaluate_run

for run in runs:
    evaluation = evaluate_run(run)
    print(f"class weights: {run.config.recipe.class_weights}; threshold {evaluation.threshold:.3f}")
    for name in ("sensitivity", "specificity", "roc_auc"):
        estimate = evaluation.metrics[name]
        print(f"  {name:12} {estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f}), n = {estimate.n_samples}")

# %%
for one in compare_runs(*runs):
    print(f"{one.metric:12} {one.difference:+.3f} ({one.low:+.3f} to {one.high:+.3f}), p = {one.p_value:.2f}, n = {one.n_samples}")

# %% [markdown]
# ## Explain
#
# Where does the first model look in a film whose true opacity is known?

# %%
from core.images import read_grey
from core.inference.predict import load_model
from core.saliency import explain, overlay
from core.saliency.localisation import energy_inside, pointing_game

mask_file = sorted((films / "masks" / "test").rglob("*.png"))[0]
film_file = next((films / "test").rglob(f"{mask_file.stem}.*"))
model, side = load_model(runs[0]), runs[0].config.image_size
film, opacity = read_grey(film_file, side), read_grey(mask_file, side) > 127
explanation = explain(model, film, "grad_cam", class_id=1)
print(f"maximum {explanation.raw_max:.3g} logit per cell of the layer {explanation.layer}")
print(f"the peak lies in the opacity: {pointing_game(explanation.heatmap, opacity)}")
print(f"of the map {energy_inside(explanation.heatmap, opacity):.0%} lies in it, of the film {opacity.mean():.0%}")

# %%
from PIL import Image

Image.fromarray(overlay(film, explanation.heatmap)).resize((384, 384))

# %% [markdown]
# ## Believe it?

# %%
from core.saliency.checks import believe

belief = believe(model, film, explanation)
print(belief.sentence)
for check in belief.checks:
    print(f"- {check.title}: {check.sentence}")

# %% [markdown]
# To see these runs in the dashboard: `PNEUMOLENS_MODELS=` the folder below, `PNEUMOLENS_DATA=` the films, `make app`.

# %%
print(f"PNEUMOLENS_MODELS={models} PNEUMOLENS_DATA={films} make app")
