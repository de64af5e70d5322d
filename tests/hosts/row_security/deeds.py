from io import StringIO

from django.core.management import call_command
from django.db import connection

from outreach.tenancy import tenancy
from outreach.workplace.row_security import guarded
from tests.hosts.two_tenants.deeds import Deeds as TwoTenants
from tests.hosts.verdict import Verdict

POLICY = """
    ALTER TABLE two_tenants_customer ENABLE ROW LEVEL SECURITY;
    ALTER TABLE two_tenants_customer FORCE ROW LEVEL SECURITY;
    CREATE POLICY own_firm ON two_tenants_customer
        USING (firm_id::text = current_setting('app.tenant', true));
"""
BINDS_US = "SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user"


class Deeds(TwoTenants):
    def before(self, verdict: Verdict) -> None:
        with verdict.step("the database keeps firms apart"), connection.cursor() as cursor:
            cursor.execute(BINDS_US)
            assert cursor.fetchone() == (True,)
            cursor.execute(POLICY)
        with verdict.step("outreach's tables follow, as often as it is asked"):
            for _time in range(2):
                call_command("outreach_rls", setting="app.tenant", stdout=StringIO())
            call_command("check", databases=["default"], fail_level="WARNING", stdout=StringIO())
        super().before(verdict)

    def after(self, verdict: Verdict) -> None:
        with verdict.step("no row of the other firm is shown, whichever way it is asked for"):
            for tenant in (*tenancy().all(), ""):
                with tenancy().activate(tenant), connection.cursor() as cursor:
                    for model in guarded():
                        cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
                        assert cursor.fetchone() == (model._default_manager.count(),), model
        super().after(verdict)
