"""What folders say of the images in them beside split and class: the infection, and the patient."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

from core.datasets.classes import meaning
from core.datasets.folders.patient_folders import patient_folders
from core.datasets.kermany_names import canonical_class, parse

KINDS = (("BACTERIAL", re.compile("ba[ck]teri")), ("VIRAL", re.compile("vir(?:us|uses|al|ale|ales|ais|ica|ico|en)$")))
BESIDE = {"infection", "infections", "type", "subtype", "images", "image", "only", "set", "lung", "chest"}
PNEUMONIA = {"pneumonia", "pneumonias", "pneumonie", "neumonia", "neumonias", "polmonite", "lungenentzundung", "pneumonija", "zaturre"}


def infection(folder_name: str) -> str | None:
    """``BACTERIAL`` or ``VIRAL`` for a folder called so, such as ``bacteria`` or ``Viral Pneumonia``; else None.

    Parameters
    ----------
    folder_name : str

    Returns
    -------
    str or None
    """
    kinds = [next((kind for kind, pattern in KINDS if pattern.match(word)), word) for word in _words(folder_name)]
    found = {kind for kind in kinds if kind.isupper()}
    rest = [word for word in kinds if not word.isupper() and word not in BESIDE]
    return found.pop() if len(found) == 1 and all(meaning(word) == "ill" for word in rest) else None


def kinds_of_pneumonia(class_names: Iterable[str]) -> tuple[dict[str, str], str]:
    """The infection of each class that is a kind of pneumonia and no class of its own, and the class that it belongs to.

    Bacterial and viral images are such kinds beside a class of pneumonia, whatever else there is, and where they and a healthy class are
    all there is.

    Parameters
    ----------
    class_names : iterable of str
        Of the whole data set.

    Returns
    -------
    kinds : dict of str to str
        ``BACTERIAL`` or ``VIRAL`` by class name; empty where there are none.
    whole : str
        The class of them all: PNEUMONIA, or what the data set calls it.
    """
    names = set(class_names)
    kinds = {name: kind for name in names if (kind := infection(name))}
    rest = names - kinds.keys()
    whole = min((name for name in rest if _words(name) and set(_words(name)) <= PNEUMONIA), default="PNEUMONIA")
    alone = rest and len(set(kinds.values())) == 2 and all(meaning(name) == "healthy" for name in rest)
    return (kinds if whole in rest or alone else {}), canonical_class(whole)


def facts(files: pd.DataFrame) -> pd.DataFrame:
    """Sub-type and patient of image files.

    Parameters
    ----------
    files : DataFrame
        ``sample_id, class_name``; an id is ``split/CLASS/folders below it/file name``.

    Returns
    -------
    DataFrame
        ``subtype, patient_id`` as `core.datasets.kermany_names.parse` reads them from file names; folders below the class that name an
        infection or a patient come first.
    """
    parsed = parse(files["sample_id"])[["subtype", "patient_id"]].set_axis(files.index)
    deep = files["sample_id"].str.count("/") > 2
    if deep.any():
        parts = files["sample_id"][deep].str.split("/")
        flat = parts.map(lambda names: "/".join((*names[:2], names[-1])))
        parsed.loc[deep] = _of_folders(files[deep], parts, parse(flat).set_axis(flat.index), parsed[deep])
    return _with_healthy(parsed, files["class_name"])


def _of_folders(files: pd.DataFrame, parts: pd.Series, by_name: pd.DataFrame, by_id: pd.DataFrame) -> pd.DataFrame:
    """Facts of files in folders below their class."""
    below = parts.map(lambda names: tuple(names[2:-1]))
    kinds = {folders: next(filter(None, map(infection, folders)), None) for folders in below.unique()}
    patients = patient_folders(pd.Series(zip(files["class_name"], below, strict=True), index=files.index))
    told = by_name["patient_id"].str.count("/") == 1  # a name that tells no patient stands there whole, with its class
    scope = by_name["patient_id"].str.split("/").str[0]
    patient = by_name["patient_id"].where(told, by_id["patient_id"])
    named = pd.Series([patients.get(key) for key in zip(files["class_name"], below, strict=True)], files.index, dtype="str")
    ill = files["class_name"].map({name: meaning(name) != "healthy" for name in files["class_name"].unique()})
    return pd.DataFrame(
        {
            "subtype": below.map(kinds).where(ill).astype("str").fillna(by_name["subtype"]),
            "patient_id": patient.where(named.isna(), scope + "/" + named.str.lower()),
        }
    )


def _with_healthy(parsed: pd.DataFrame, class_name: pd.Series) -> pd.DataFrame:
    """The healthy class is a sub-type of its own where the others have some, whatever it is called."""
    if parsed["subtype"].isin(["BACTERIAL", "VIRAL"]).any():
        healthy = class_name.map({name: meaning(name) == "healthy" for name in class_name.unique()})
        parsed["subtype"] = parsed["subtype"].mask(healthy & parsed["subtype"].isna(), "NORMAL")
    return parsed


def _words(name: str) -> list[str]:
    """Words of small letters without accents."""
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).casefold()
    return re.findall(r"[a-z]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
