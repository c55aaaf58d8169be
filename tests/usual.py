"""Of tests with many cases of one kind: those that `make test` tries. The others, all marked ``long``, wait for `make test-long`."""

from __future__ import annotations

from fnmatch import fnmatchcase

USUAL = {  # file and function, and patterns of the cases as pytest names them
    "core/architectures/test_architectures.py::test_counts_and_shape": (
        "cnn1-*", "*_conv_cnn-*", "five_*", "lens_s*-2", "lens_m*-2", "vgg16_f*",
    ),
    "core/architectures/test_architectures.py::test_saved_model_gives_the_same_probabilities": ("cnn1",),
    "core/architectures/test_pretrained.py::test_local_folder_comes_first": ("vgg16_flat",),
    "core/audit/test_audit.py::test_odd_sets": ("one class", "no t*"),
    "core/cli/test_commands.py::test_a_folder_that_cannot_be_written_to_is_said": (
        "audit*", "explain*npy*", "phantom*", "train*", "ensemble*", "fetch*",
    ),
    "core/cli/test_commands.py::test_a_threshold_that_is_none_is_one_sentence": ("nan", "half a"),
    "core/cli/test_commands.py::test_explain": ("grad_cam",),
    "core/cli/test_exchange.py::test_one_class_is_answered_in_strict_json_and_in_words": ("ill", "one healthy"),
    "core/datasets/test_sample_table.py::test_a_broken_cache_is_measured_again": ("flipped", "other *"),
    "core/datasets/test_splits.py::test_no_patient_and_no_picture_is_on_both_sides": ("*-0", "*-1", "*-2"),
    "core/datasets/test_splits.py::test_strata_keep_their_shares": ("0", "1", "2"),
    "core/external/test_conversion.py::test_a_flat_copy_gives_the_scores_of_the_original": ("nested", "shared", "average", "one_channel"),
    "core/external/test_conversion.py::test_an_end_that_cannot_leave_0_to_1_is_taken_as_it_is": ("capped", "mean of sigmoids", "product"),
    "core/external/test_conversion.py::test_endings_in_both_orders": ("turned-*",),
    "core/external/test_conversion.py::test_what_is_stored_gives_the_same_after_saving": ("nested",),
    "core/external/test_model.py::test_a_saturated_model_ranks_the_images_in_either_order_of_its_classes": ("1",),
    "core/external/test_model.py::test_classes_in_another_order_are_put_into_ours": ("classes2",),
    "core/external/test_model.py::test_every_accepted_model_predicts_and_is_explained": ("nested",),
    "core/external/test_model.py::test_every_ending_becomes_logits_and_probabilities": ("Softmax",),
    "core/external/test_model.py::test_scores_are_those_of_the_model_fed_as_it_was_trained": ("0-255-False", "-1-1-True"),
    "core/groups/by_appearance/test_appearance.py::test_odd_sets": ("one class", "only val", "no patients", "missing facts"),
    "core/images/test_gate.py::test_a_bomb_is_refused_in_one_sentence": (
        "*JPEG*", "the same in DICOM", "PNG of *", "TIFF*", "BMP*", "run lengths*", "DICOM of *",
    ),
    "core/images/test_gate.py::test_the_largest_pictures_stay_within_the_memory": ("grey PNG of 16 bits",),
    "core/inference/test_rescore.py::test_other_names_of_the_classes_are_taken_by_what_they_mean": ("names1-*",),
    "core/machine/test_waiting_line.py::test_first_come_first_served_and_everybody_knows_their_place": ("2",),
    "core/metrics/statistics/test_holm.py::test_holm_is_that_of_statsmodels": ("0", "1"),
    "core/reporting/html/test_report.py::test_test_sets_of_one_class_or_few_images_show_no_undefined_number": (
        "ill-*", "one healthy-*", "three-*",
    ),
    "core/saliency/checks/test_verdict.py::test_every_method_can_be_checked": ("saliency", "grad_cam"),
    "core/saliency/test_compiled_model.py::test_prepared_model_compiles_nothing_more": ("saliency", "grad_cam", "score_cam"),
    "core/saliency/test_foreign_models.py::test_the_map_lies_where_the_evidence_is": ("*(32, 32, 3)", "*(16, 32, 3)"),
    "core/saliency/test_parity.py::test_every_layer_and_class_is_that_of_tf_keras_vis": ("grad_cam",),
    "core/test_fuzz.py::test_files_of_a_run": ("about*", "card*", "config*", "history*", "predictions*", "status*", "*-many"),
    "dashboard/test_compare.py::test_a_test_set_of_one_class_keeps_every_section_and_shows_dashes": ("one image",),
    "dashboard/test_data.py::test_every_way_of_looking_draws": ("Grey levels", "Sizes"),
    "dashboard/test_data.py::test_every_way_of_looking_stands_without_pixels": ("Table", "Mean image"),
    "dashboard/test_data.py::test_odd_folders_get_the_same_page": ("one class", "no pattern", "unicode"),
    "dashboard/test_erase.py::test_boxes_that_cannot_be_are_refused_in_a_sentence": ("link0-*", "link1-*"),
    "dashboard/test_hostile_text.py::test_what_a_table_says_is_shown_as_text": ("Gallery", "Table", "Sizes"),
    "dashboard/test_hostile_text.py::test_what_classes_are_called_is_shown_as_text": ("2",),
    "dashboard/test_inspect.py::test_a_bad_file_gets_one_sentence": ("this is text-*", "*-DICOM"),
    "dashboard/test_same_answer.py::test_films_have_the_same_answer_everywhere": ("3",),
}  # fmt: skip


def waits(test: str, case: str) -> bool:
    """Whether a case of a test, such as ``core/test_fuzz.py::test_images``, waits for `make test-long`."""
    return test in USUAL and not any(fnmatchcase(case, pattern) for pattern in USUAL[test])


def without_a_case(cases: dict[str, list[str]]) -> list[str]:
    """Tests and patterns above for which, of all cases by their tests, there is none any more."""
    return [
        f"{test}[{pattern}]"
        for test, patterns in USUAL.items()
        for pattern in patterns
        if not any(fnmatchcase(case, pattern) for case in cases.get(test, ()))
    ]
