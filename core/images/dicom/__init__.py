"""DICOM files: pixel data and how to show it, and nothing else of them."""
