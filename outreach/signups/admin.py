from django.contrib.admin.sites import AdminSite

from outreach.signups.form_admin import SignUpFormAdmin
from outreach.signups.models import SignUp, SignUpForm
from outreach.signups.sign_up_admin import SignUpAdmin


def register(site: AdminSite) -> None:
    site.register(SignUpForm, SignUpFormAdmin)
    site.register(SignUp, SignUpAdmin)
