"""All ready-made behaviours by one name: `host.behave("/x", behaviours.RESET)`.

Where a whole host behaves, see `Web.host(certificate=…)`, `Web.refuse` and `Web.ignore`.
"""

from web.nasty import *  # noqa: F403
from web.pages import *  # noqa: F403
from web.redirects import *  # noqa: F403
from web.statuses import *  # noqa: F403
