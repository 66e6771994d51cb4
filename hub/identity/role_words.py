"""What roles and permissions are called on pages."""

from collections.abc import Mapping

from hub.core.permissions import Permission, Role
from hub.core.texts import N_

ROLES: Mapping[Role, str] = {
    Role.VIEWER: N_("Viewer"),
    Role.AGENT: N_("Agent"),
    Role.QUALITY_MANAGER: N_("Quality manager"),
    Role.FACILITY_MANAGER: N_("Facility manager"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.FLEET: N_("Fleet operator"),
}
EXPLAINED: Mapping[Role, str] = {
    Role.VIEWER: N_("Sees answers, figures and cases, without telephone numbers."),
    Role.AGENT: N_("Calls patients and works on cases."),
    Role.QUALITY_MANAGER: N_("Assigns cases, approves what is sent, edits surveys."),
    Role.FACILITY_MANAGER: N_("Also places, employees, shifts and accounts of the facility."),
    Role.ADMINISTRATOR: N_("May do everything."),
    Role.FLEET: N_("Looks after terminals; never sees answers, telephones or photographs."),
}
PERMISSIONS: Mapping[Permission, str] = {
    Permission.SEE_PLACES: N_("See facilities and touchpoints"),
    Permission.SEE_STAFF: N_("See employees and shifts"),
    Permission.SEE_DEVICES: N_("See terminals"),
    Permission.MANAGE_DEVICES: N_("Look after terminals"),
    Permission.SEE_ANSWERS: N_("See answers and figures"),
    Permission.SEE_TELEPHONES: N_("See telephone numbers"),
    Permission.SEE_PHOTOGRAPHS: N_("See patients' photographs"),
    Permission.SEE_CASES: N_("See cases"),
    Permission.HANDLE_CASES: N_("Work on cases"),
    Permission.DIRECT_CASES: N_("Assign cases and approve messages"),
    Permission.SEND_CAMPAIGNS: N_("Send campaigns"),
    Permission.EDIT_SURVEYS: N_("Edit surveys"),
    Permission.ENTER_SERVED: N_("Enter clients served"),
    Permission.EDIT_PLACES: N_("Edit touchpoints, employees and shifts"),
    Permission.MANAGE_ACCOUNTS: N_("Manage accounts"),
    Permission.ANSWER_PRIVACY: N_("Export and erase personal data"),
    Permission.SEE_AUDIT: N_("See the audit log"),
    Permission.SEE_DEAD_LETTERS: N_("See dead letters"),
    Permission.ADMINISTER: N_("Administer the organisation"),
}
