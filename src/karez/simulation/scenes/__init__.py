"""Scenes for the bench: single pictures under fixed, named conditions, each with all that truly stands on it."""

from karez.simulation.label_layout import PrintedLine
from karez.simulation.scenes.conditions import CONDITIONS, SceneCondition
from karez.simulation.scenes.scene import LabelTruth, Scene, scene

__all__ = ["CONDITIONS", "LabelTruth", "PrintedLine", "Scene", "SceneCondition", "scene"]
