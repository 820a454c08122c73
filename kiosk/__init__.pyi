from kiosk.library import SignIn as SignIn
from kiosk.settings.loading import SettingsError as SettingsError
from kiosk.smartlogin.models import Session as Session

__version__: str
