"""A synthetic provider: it writes the landing tables of a world with known harvesting campaigns and benign look-alikes.

It imports nothing of the warehouse, and its ground truth never enters the landing folder. Results on its data prove
that the warehouse works as wired; they do not prove accuracy in the real world.
"""

from simulator.run import simulate
from simulator.settings import CampaignSettings, SimulationSummary, SimulatorSettings

__all__ = ["CampaignSettings", "SimulationSummary", "SimulatorSettings", "simulate"]
