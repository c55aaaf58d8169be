"""What is installed: its releases, their checksums, their licences, and the advisories that name them."""
