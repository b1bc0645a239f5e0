"""The pages of a release: measurement report, weekly and monthly view, each self-contained and made from that release.

Belongs here: reading a release, the sentences, charts and tables of the page, and writing them. Nothing here estimates an
enforcement metric: those are read from `enforcement_metrics`. Nothing here opens the working warehouse.
"""

from orchestration.reporting.release import ReleaseError
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.site import write_site

__all__ = ["ReleaseError", "ReportSettings", "write_site"]
