"""The post-enforcement measurement report: one self-contained page made from one published release.

Belongs here: reading a release, the sentences, charts and tables of the page, and writing it. Nothing here estimates an
enforcement metric: those are read from `enforcement_metrics`. Nothing here opens the working warehouse.
"""

from orchestration.reporting.release import ReleaseError
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.site import write_site

__all__ = ["ReleaseError", "ReportSettings", "write_site"]
