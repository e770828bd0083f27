"""Packs: data, never code."""
