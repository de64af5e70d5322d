"""Towns people live in, with streets that could be there."""

from dataclasses import dataclass

from project.crm.invent.words import words


@dataclass(frozen=True)
class Town:
    """The postcode has # for a digit and ? for a letter."""

    city: str
    region: str
    postcode: str
    time_zone: str


def towns(time_zone: str, table: str) -> dict[Town, float]:
    """Towns with their weight: city | region | postcode | weight | own time zone, if it differs."""
    weights = {}
    for line in table.strip().splitlines():
        city, region, postcode, weight, *own = (cell.strip() for cell in line.split("|"))
        weights[Town(city, region, postcode, own[0] if own else time_zone)] = float(weight)
    return weights


TOWNS = {
    "IT": towns(
        "Europe/Rome",
        """
        Asti | Piemonte | 14100 | 16
        Nizza Monferrato | Piemonte | 14049 | 5
        Canelli | Piemonte | 14053 | 5
        Costigliole d'Asti | Piemonte | 14055 | 3
        Alba | Piemonte | 12051 | 7
        Bra | Piemonte | 12042 | 4
        Cuneo | Piemonte | 12100 | 3
        Alessandria | Piemonte | 15121 | 5
        Acqui Terme | Piemonte | 15011 | 3
        Casale Monferrato | Piemonte | 15033 | 3
        Torino | Piemonte | 101## | 20
        Novara | Piemonte | 28100 | 2
        Aosta | Valle d'Aosta | 11100 | 2
        Genova | Liguria | 161## | 8
        Savona | Liguria | 17100 | 3
        Milano | Lombardia | 201## | 16
        Bergamo | Lombardia | 24121 | 3
        Brescia | Lombardia | 25121 | 3
        Cantù | Lombardia | 22063 | 1
        Verona | Veneto | 37121 | 4
        Padova | Veneto | 35121 | 2
        San Donà di Piave | Veneto | 30027 | 1
        Bolzano/Bozen | Trentino-Alto Adige/Südtirol | 39100 | 2
        Trieste | Friuli-Venezia Giulia | 34121 | 2
        Bologna | Emilia-Romagna | 401## | 6
        Parma | Emilia-Romagna | 43121 | 3
        Forlì | Emilia-Romagna | 47121 | 1
        Firenze | Toscana | 501## | 5
        Siena | Toscana | 53100 | 2
        Perugia | Umbria | 06121 | 2
        Roma | Lazio | 001## | 9
        Napoli | Campania | 801## | 4
        Bari | Puglia | 70121 | 2
        L'Aquila | Abruzzo | 67100 | 1
        Palermo | Sicilia | 90133 | 2
        Cagliari | Sardegna | 09124 | 1
        """,
    ),
    "GB": towns(
        "Europe/London",
        """
        London | Greater London | SW# #?? | 14
        London | Greater London | N## #?? | 8
        Edinburgh | Scotland | EH# #?? | 6
        Glasgow | Scotland | G## #?? | 4
        Manchester | Greater Manchester | M## #?? | 4
        Leeds | West Yorkshire | LS# #?? | 3
        Bristol | Bristol | BS# #?? | 3
        Oxford | Oxfordshire | OX# #?? | 3
        Cambridge | Cambridgeshire | CB# #?? | 2
        Bath | Somerset | BA# #?? | 2
        Cardiff | Wales | CF## #?? | 2
        Belfast | Northern Ireland | BT# #?? | 2
        Newcastle upon Tyne | Tyne and Wear | NE# #?? | 2
        """,
    ),
    "IE": towns(
        "Europe/Dublin",
        """
        Dublin | County Dublin | D0# ?### | 8
        Dún Laoghaire | County Dublin | A96 ?### | 2
        Cork | County Cork | T12 ?### | 4
        Galway | County Galway | H91 ?### | 3
        Limerick | County Limerick | V94 ?### | 2
        """,
    ),
    "US": towns(
        "America/New_York",
        """
        New York | NY | 100## | 10
        Brooklyn | NY | 112## | 5
        Boston | MA | 021## | 4
        Philadelphia | PA | 191## | 3
        Washington | DC | 200## | 3
        Atlanta | GA | 303## | 2
        Chicago | IL | 606## | 5 | America/Chicago
        Austin | TX | 787## | 3 | America/Chicago
        Denver | CO | 802## | 2 | America/Denver
        San Francisco | CA | 941## | 5 | America/Los_Angeles
        Los Angeles | CA | 900## | 5 | America/Los_Angeles
        Seattle | WA | 981## | 3 | America/Los_Angeles
        """,
    ),
    "ES": towns(
        "Europe/Madrid",
        """
        Madrid | Madrid | 280## | 14
        Barcelona | Cataluña | 080## | 10
        Valencia | Comunitat Valenciana | 460## | 5
        Sevilla | Andalucía | 410## | 4
        Málaga | Andalucía | 290## | 3
        Cádiz | Andalucía | 1100# | 2
        Zaragoza | Aragón | 500## | 3
        Bilbao | País Vasco | 480## | 4
        Donostia / San Sebastián | País Vasco | 2000# | 3
        Logroño | La Rioja | 2600# | 3
        A Coruña | Galicia | 1500# | 2
        León | Castilla y León | 2400# | 2
        Las Palmas de Gran Canaria | Canarias | 350## | 3 | Atlantic/Canary
        """,
    ),
    "MX": towns(
        "America/Mexico_City",
        """
        Ciudad de México | CDMX | 06### | 5
        Guadalajara | Jalisco | 44### | 2
        Monterrey | Nuevo León | 64### | 2 | America/Monterrey
        Querétaro | Querétaro | 76### | 1
        """,
    ),
    "KZ": towns(
        "Asia/Almaty",
        """
        Алматы | Алматы | 0500## | 6
        Астана | Астана | 0100## | 4
        Шымкент | Шымкент | 1600## | 2
        Караганда | Карагандинская область | 1000## | 2
        Актобе | Актюбинская область | 0300## | 1 | Asia/Aqtobe
        """,
    ),
    "LV": towns(
        "Europe/Riga",
        """
        Rīga | Rīga | LV-10## | 8
        Jūrmala | Jūrmala | LV-20## | 3
        Daugavpils | Daugavpils | LV-54## | 2
        Liepāja | Liepāja | LV-34## | 1
        """,
    ),
    "IL": towns(
        "Asia/Jerusalem",
        """
        Tel Aviv-Yafo | Tel Aviv | 6####00 | 5
        Haifa | Haifa | 3####00 | 4
        Ashdod | Southern District | 77###00 | 2
        Be'er Sheva | Southern District | 84###00 | 2
        """,
    ),
    "GE": towns(
        "Asia/Tbilisi",
        """
        Tbilisi | Tbilisi | 01## | 5
        Batumi | Adjara | 60## | 2
        Telavi | Kakheti | 22## | 1
        """,
    ),
    "RU": towns(
        "Europe/Moscow",
        """
        Москва | Москва | 10#### | 4
        Санкт-Петербург | Санкт-Петербург | 19#### | 3
        Калининград | Калининградская область | 2360## | 1 | Europe/Kaliningrad
        Екатеринбург | Свердловская область | 6200## | 1 | Asia/Yekaterinburg
        """,
    ),
}

STREETS = {
    "IT": words("""
        Via Roma {n}, Via Garibaldi {n}, Corso Alfieri {n}, Via Cavour {n}, Piazza San Secondo {n},
        Corso Dante {n}, Via dell'Olmo {n}, Strada Valmanera {n}, Via Giuseppe Mazzini {n}/B,
        Vicolo Sant'Anna {n}, Viale della Libertà {n}, Località Borgo Alto {n}, Via dei Tigli {n}
    """),
    "GB": words("""
        {n} High Street, {n} Church Lane, {n} Victoria Road, {n} Mill Lane, {n} Queen's Crescent,
        Flat 2 {n} Albert Terrace, The Old Rectory, Rose Cottage {n} Green Lane, {n} Station Road
    """),
    "IE": words("{n} Main Street, {n} Bridge Street, {n} O'Connell Avenue, {n} Seaview Terrace"),
    "US": words("""
        {n} Maple Avenue, {n} Elm Street, {n} Washington Street Apt 4B, {n} Lincoln Boulevard,
        {n} Chestnut Street, {n} 5th Avenue, {n} Sunset Drive, P.O. Box {n}
    """),
    "ES": words("""
        Calle Mayor {n}, Calle de Alcalá {n} 3.º izq., Avenida de la Constitución {n},
        Plaza de España {n}, Paseo del Prado {n}, Calle del Olivo {n}, Carrer de Mallorca {n}
    """),
    "MX": words("Avenida Reforma {n}, Calle Hidalgo {n}, Calle 5 de Mayo {n}, Privada del Sol {n}"),
    "KZ": words("ул. Абая {n}, пр. Достык {n} кв. 12, ул. Сатпаева {n}, мкр. Самал-2 {n}"),
    "LV": words("Brīvības iela {n}, Elizabetes iela {n}-5, Čaka iela {n}, Jomas iela {n}"),
    "IL": words(
        "{n} Herzl Street, {n} HaNassi Boulevard, {n} Ben Gurion Street, {n} Allenby Street"
    ),
    "GE": words("{n} Rustaveli Avenue, {n} Chavchavadze Street, {n} Pushkin Street"),
    "RU": words("ул. Ленина {n}, Невский пр. {n} кв. 7, ул. Садовая {n}, ул. Пушкина {n} корп. 2"),
}


def time_zone_of(country: str, city: str) -> str:
    return next(town.time_zone for town in TOWNS[country] if town.city == city)
