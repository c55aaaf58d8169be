"""What people call their split folders."""

from __future__ import annotations

import pytest

from core.datasets.classes import meaning
from core.datasets.folders.split_names import SPLITS, WORDS, fold_of, hinted_split, says_nothing, split_of


@pytest.mark.parametrize(
    ("split", "names"),
    [
        (
            "train",
            "treino conjunto_de_treino entrenamiento"
            " 训练 训练集 訓練データ 学習用 훈련 обучение Обучающая_выборка تدريب eğitim Trainingsdaten",
        ),
        ("val", "validação Validación 验证集 検証 검증 валидация doğrulama Validierung"),
        ("test", "prueba teste conjunto_de_teste 测试 测试集 テスト 시험 тест Тестовая اختبار testowy"),
        (
            "train",
            "train Train TRAINING training_set TRAIN_images train-data trainset TrainData train2017 train_1 fold2_train train-fold3",
        ),
        ("val", "val valid Validation val_set dev dev-set 2_valid tuning validación"),
        ("test", "test TEST testing test_set tests hold-out holdout holdout_set evaluation prueba test_224"),
        (None, "fold1 entrenado train_normal external_validation contest trainee value data NORMAL pneumonia extra images untested 2017"),
    ],
)
def test_names(split, names):
    assert {name: split_of(name) for name in names.split()} == dict.fromkeys(names.split(), split)


def test_folders_that_only_say_that_images_lie_there():
    assert all(map(says_nothing, ["images", "Images_001", "img", "data", "chest xray images", "PNG"]))
    assert not any(map(says_nothing, ["NORMAL", "x", "imagesque", "covid images", "1"]))


def test_numbers_of_folds():
    names = {"train": None, "train_2": 2, "fold3_test": 3, "test-fold-10": 10, "train2017": None, "test_224": None, "fold1": None}
    assert {name: fold_of(name) for name in names} == names


def test_names_that_only_speak_of_a_split():
    names = {"test_normal": "test", "NormalTrain": "train", "my val v2": "val", "train_test": None, "NORMAL": None, "contest": None}
    names |= {"testtrio": "test", "traintrio": "train", "мой тест 2": "test"}
    assert {name: hinted_split(name) for name in names} == names


def test_no_word_is_both_a_split_and_a_class():
    assert not {word for split in SPLITS for word in WORDS[split] if meaning(word)}
    assert len({word for split in SPLITS for word in WORDS[split]}) == sum(len(WORDS[split]) for split in SPLITS)


def test_no_name_takes_long():
    for name in ("xray" * 60 + "q", "images" * 40 + "!", "dataset" * 30, "x" * 250, "1" * 250, "train" * 50):
        assert split_of(name) is None and hinted_split(name) is None
    assert says_nothing("dataset" * 30) and not says_nothing("xray" * 60 + "q")
