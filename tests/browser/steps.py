"""What each kind of person does in the browser, by the words that they see."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

TOPIC = "Tastings and visits"
CAMPAIGN = "Callers: a tasting for you"
GROUP = "People who called"


def enter(page: Page, username: str, door: str) -> None:
    """Through a door of the start page, as one of the staff."""
    page.goto("/")
    page.locator(f"form[action='/as/{username}/']").get_by_role("button", name=door).click()


def has_no_barrier(page: Page, part: str = "body") -> None:
    """axe finds nothing in this part of the page (WCAG 2.2 AA)."""
    found = Axe().run(page, context={"include": [[part]]})
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def record_interest(page: Page, person: str) -> None:
    page.goto(f"/admin/outreach/recipient/?q={person}")
    page.get_by_role("link", name=person).click()
    page.get_by_role("link", name="Record what they told us").click()
    page.get_by_label("they would like to hear about this").check()
    page.get_by_label(TOPIC).check()
    page.get_by_label("e-mail").check()
    page.get_by_label("on the phone").check()
    page.get_by_label("In their words").fill("Please tell me when you taste.")
    page.get_by_label("Where and when").fill("on the phone, this morning")
    has_no_barrier(page, "#content-main")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".messagelist")).to_contain_text("counts from now on")
    expect(page.locator("#content")).to_contain_text("Please tell me when you taste.")


def make_group(page: Page, person: str) -> None:
    page.goto("/admin/outreach/contactgroup/add/")
    page.get_by_label("Name:", exact=True).fill(GROUP)
    page.get_by_label("Who they are").fill("They called us and asked to hear of tastings.")
    page.get_by_label("picked by hand").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name=GROUP, exact=True).click()
    page.get_by_role("link", name="Add people").first.click()
    page.locator("#content").get_by_role("textbox").first.fill(person)
    page.locator("#content").get_by_role("button", name="Search").click()
    page.get_by_role("checkbox", name=person).check()
    page.get_by_label("Why they belong here").fill("they called us")
    page.get_by_role("button", name="Add the ticked people").click()
    expect(page.locator(".messagelist")).to_contain_text("1 person is now in")


def write_campaign(page: Page) -> None:
    page.goto("/admin/outreach/campaign/add/")
    page.get_by_label("Name:", exact=True).fill(CAMPAIGN)
    page.get_by_label("Topic:").select_option(TOPIC)
    page.get_by_label("Approach:").select_option("an invitation")
    page.locator("#id_aims-0-group").select_option(GROUP)
    page.locator("#id_variants-0-subject").fill("A tasting, {{ given_name | friend }}?")
    page.locator("#id_variants-0-body").fill(
        "Dear {{ given_name | friend }},\n\nyou asked when we taste: come on Friday at 17 h."
    )
    page.get_by_label("Why this is useful to them").fill("you asked us to tell you when we taste")
    page.get_by_label("catch my attention").fill("Yes, I had asked for it.")
    page.get_by_label("Would it be useful to me").fill("Yes, it names the day and the hour.")
    page.get_by_label("Would I take it well").fill("Yes, I called for it myself.")
    page.get_by_label("Signed by:").select_option("Anna Bianchi")
    page.get_by_role("button", name="Save", exact=True).click()
    if "/change/" not in page.url:
        page.get_by_role("link", name=CAMPAIGN).first.click()
    page.get_by_role("button", name="Work out who gets it").click()
    expect(page.locator("#content")).to_contain_text("will be written to")
    has_no_barrier(page, "#content")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.locator(".messagelist")).to_contain_text("Now another person looks at it")
    expect(page.locator("#content")).to_contain_text("You wrote this campaign")


def approve(page: Page) -> None:
    enter(page, "piotr", "All campaigns")
    page.goto("/admin/outreach/today/")
    has_no_barrier(page, "#content")
    page.get_by_role("link", name=CAMPAIGN).click()
    page.get_by_role("link", name="Review").click()
    has_no_barrier(page, "#content")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".messagelist")).to_contain_text("Approved")


def send(page: Page) -> None:
    enter(page, "anna", "Her campaigns")
    page.get_by_role("link", name=CAMPAIGN).first.click()
    page.get_by_role("button", name="Send now").click()
    has_no_barrier(page, "#content")
    look_again(page, "Done.")


def look_again(page: Page, until: str, *, times: int = 60) -> None:
    """Load the page again, as people do, until it says what they wait for."""
    for _ in range(times):
        if until in page.locator("body").inner_text():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{page.url} never said {until!r}")
