"""What types and names can't say of a pack. One kind of check a file; `pack_lint` runs them all."""
