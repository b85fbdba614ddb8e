"""Figures in sentences: value, unit, kind, qualifier, subject and source, each with its exact place."""

from .reader import read_figures

__all__ = ["read_figures"]
