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
    found = Axe().run(page, context={"include": [[part]]}, options={"preload": False})
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def record_interest(page: Page, person: str) -> None:
    page.goto(f"/admin/outreach/recipient/?q={person}")
    page.locator("#result_list").get_by_role("link", name=person).click()
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
    page.locator("#result_list").get_by_role("link", name=GROUP, exact=True).click()
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
        page.locator("#result_list").get_by_role("link", name=CAMPAIGN).click()
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
    yes = page.get_by_role("button", name="Approve")
    expect(yes).to_be_visible()
    has_no_barrier(page, "#content")
    yes.click()
    expect(page.locator(".messagelist")).to_contain_text("Approved")


def send(page: Page) -> None:
    enter(page, "anna", "Her campaigns")
    page.get_by_role("link", name=CAMPAIGN).first.click()
    page.get_by_role("link", name="Send now").click()
    go_ahead = page.get_by_role("button", name="Send to 1 person")
    expect(go_ahead).to_be_visible()
    has_no_barrier(page, "#content")
    go_ahead.click()
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


def open_mail(page: Page, mailbox: str, address: str) -> None:
    """The newest message of a customer, in their mail program."""
    page.goto(f"{mailbox}/mailboxes/{address}/")
    page.get_by_role("link", name="A tasting").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("A tasting,")
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("+39 0141 555 0100")
    page.get_by_role("button", name="Delivered").click()


def choose(page: Page, mailbox: str, address: str) -> None:
    """From the message to the preference page, without a login; drop the topic, and save."""
    open_mail(page, mailbox, address)
    page.get_by_role("link", name="Plain text").click()
    link = page.locator("a[href*='/outreach/p/']").first.get_attribute("href")
    assert link
    page.goto(link)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        has_no_barrier(page)
    expect(page.locator("body")).to_contain_text("you asked us to tell you when we taste")
    page.get_by_role("checkbox", name=TOPIC).uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    expect(page.get_by_role("checkbox", name=TOPIC)).not_to_be_checked()
    has_no_barrier(page)


def reply(page: Page, mailbox: str, address: str, text: str) -> None:
    page.goto(f"{mailbox}/mailboxes/{address}/")
    page.get_by_role("link", name="A tasting").first.click()
    page.get_by_label("Your reply").fill(text)
    page.get_by_role("button", name="Send the reply").click()
    expect(page.locator("body")).to_contain_text("200")


def answer(page: Page, person: str, asked: str, said: str) -> None:
    enter(page, "elena", "Who waits for an answer")
    look_again(page, person)
    row = page.get_by_role("row").filter(has_text=person)
    expect(row).to_contain_text("left")
    row.get_by_role("link", name=person).click()
    expect(page.locator("#content")).to_contain_text(asked)
    expect(page.locator("#content")).to_contain_text("+39 0141 555 0100")
    has_no_barrier(page, "#content")
    page.get_by_label("Your answer").fill(said)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#content")).to_contain_text(said)
    page.goto("/admin/outreach/conversation/")
    expect(page.get_by_role("row").filter(has_text=person)).to_contain_text("answered")


def has_mail(page: Page, mailbox: str, address: str, text: str) -> None:
    page.goto(f"{mailbox}/mailboxes/{address}/")
    page.get_by_role("link", name="Re: ").first.click()
    page.get_by_role("link", name="Plain text").click()
    expect(page.locator("body")).to_contain_text(text)
