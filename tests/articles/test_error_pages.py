"""Pages that answer in an article's place are refused by their reason; articles of another form are flagged."""

import pytest

from ingest.core.errors import AccessBlocked, ConsentAsked, ErrorPage, MissingPage, NotAnArticle, SignInAsked
from tests.articles.test_page import PARAGRAPHS, STORY, read

HEAD = "<html><head><title>{}</title></head><body>"
COOKIES = "We and our partners store and read cookies on your device, to measure how this site is used and by whom."

REFUSED = {
    "an error in English": (
        "<h1>Page Not Found</h1><p>What you asked for has moved, or never was here at all.</p>",
        MissingPage,
    ),
    "an error in Spanish": (
        "<h1>Página no encontrada</h1><p>Vuelva a la portada para seguir con la lectura de hoy.</p>",
        MissingPage,
    ),
    "an error by number": (
        "<h1>Error 404</h1><p>Nothing is kept under this address, so try the front page.</p>",
        MissingPage,
    ),
    "an error that passes": (
        "<h1>Service unavailable</h1><p>We are at work on this site, so come back in an hour or so.</p>",
        ErrorPage,
    ),
    "an error by another number": ("<h1>502</h1><p>The nginx before this site did not get an answer.</p>", ErrorPage),
    "a robot check": (
        "<h1>Just a moment...</h1><p>The site needs to review the security of your connection first.</p>",
        AccessBlocked,
    ),
    "a door": (
        "<h1>Access Denied</h1><p>You don't have permission to see this, says the server of the site.</p>",
        AccessBlocked,
    ),
    "a robot check without a title": ("<div>Verify you are human</div>", AccessBlocked),
    "consent by title": (f"<h1>We value your privacy</h1><div>{COOKIES[24:]}</div>", ConsentAsked),
    "consent by lines alone": (f"<div class='wall'><p>{COOKIES}</p><button>Accept</button></div>", ConsentAsked),
    "consent in German": (
        "<h1>Wir benötigen Ihre Zustimmung</h1><p>Dann zeigen wir Ihnen gern, was heute geschah.</p>",
        ConsentAsked,
    ),
    "a long consent box": (
        f"<h1>Gazette</h1><div id='cmp-consent'><p>{COOKIES}</p>"
        + "".join(
            f"<p>Purpose {n}: somebody may learn what you read, when you read it, and where.</p>" for n in range(12)
        )
        + "</div>",
        ConsentAsked,
    ),
    "a sign-in form": (
        "<h1>Sign in</h1><form><p>Enter the address that you gave us when you joined us.</p></form>",
        SignInAsked,
    ),
    "a page taken down": (
        "<h1>Gone fishing</h1><p>Sorry! This story has been taken down or never existed. Go back to the home page.</p>",
        MissingPage,
    ),
    "an error in Portuguese": (
        "<h1>Conteúdo removido</h1><p>A matéria que você tentou acessar foi removida do nosso site.</p>",
        MissingPage,
    ),
    "an error in French": (
        "<h1>Oh non !</h1><p>L’article demandé n’existe pas ou a été supprimé par la rédaction.</p>",
        MissingPage,
    ),
    "an error above other stories": (
        "<h1>Page not found</h1><p>Sorry, we could not find the page you asked for.</p><h2>Latest</h2>"
        + "".join(
            f"<article><h3><a href='/{n}'>Story {n} of the day</a></h3><p>{STORY[n % 4]}</p></article>"
            for n in range(9)
        ),
        MissingPage,
    ),
    "maintenance in Spanish": (
        "<h1>Mantenimiento</h1><p>Este sitio se encuentra temporalmente fuera de servicio por mantenimiento.</p>",
        ErrorPage,
    ),
    "a database that does not answer": (
        "<h1>Error</h1><p>Database query failed: too many connections.</p><p>Please contact the webmaster.</p>",
        ErrorPage,
    ),
    "a domain for sale": (
        "<h1>gazette.example</h1><p>This domain is for sale. Make an offer for this name today.</p>",
        ErrorPage,
    ),
    "a server just set up": (
        "<h1>Welcome to nginx!</h1><p>If you see this page, the server works. Further configuration is required.</p>",
        ErrorPage,
    ),
    "a robot check in Spanish": (
        "<h1>Verificación</h1><p>Antes de continuar debemos comprobar que no eres un robot.</p>",
        AccessBlocked,
    ),
    "a robot check by its script": (
        "<p>Please wait</p><script src='https://geo.captcha-delivery.com/c.js'></script>",
        AccessBlocked,
    ),
    "a country kept out": (
        "<h1>Sorry</h1><p>This content is not available in your country or region, because of its laws.</p>",
        AccessBlocked,
    ),
    "consent in Spanish": (
        (
            "<h1>La Voz</h1><p>En La Voz usamos cookies para mostrarte anuncios y medir la audiencia.</p>"
            "<p>Si no deseas aceptarlas, puedes pagar dos euros.</p>"
        ),
        ConsentAsked,
    ),
    "consent in French": (
        "<h1>Vos choix</h1><p>Nous et 712 partenaires déposons des cookies pour mesurer l’audience du journal.</p>",
        ConsentAsked,
    ),
    "a wall without a teaser": (
        (
            "<h1>Storm</h1><p>This is a premium story.</p><p>Get a digital subscription to see all of it.</p>"
            "<p>Already subscribed? Sign in.</p>"
        ),
        SignInAsked,
    ),
    "a password asked for": (
        "<h1>Members</h1><p>Enter your user name and your password to see this page.</p><input type='password'>",
        SignInAsked,
    ),
    "a search": (
        "<h1>Search results</h1><p>Your search returned no stories, so please try again with other words.</p>",
        NotAnArticle,
    ),
    "a page that leads on": (
        "<h1>Redirecting</h1><p>If you are not redirected soon, follow this link to the new page.</p>",
        NotAnArticle,
    ),
    "a sign-in form in Portuguese": (
        "<h1>Faça login</h1><form><p>Diga o endereço com que se inscreveu no jornal.</p></form>",
        SignInAsked,
    ),
}


@pytest.mark.parametrize(("body", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_what_answers_in_a_storys_place_is_refused_by_its_reason(body: str, error: type[NotAnArticle]) -> None:
    with pytest.raises(NotAnArticle) as caught:
        read(HEAD.format("") + body)

    assert type(caught.value) is error


@pytest.mark.parametrize(
    "title",
    [
        "Page not found: how a library lost its books",
        "Access denied to the harbour for nine days",
        "Just a moment of calm",
        "We value your privacy, says the minister",
        "Login data of 4,000 readers sold",
        "Page not found",
        "Access denied",
        "Maintenance",
        "Coming soon",
        "Cookies",
        "Subscribe",
        "Error",
    ],
)
def test_a_short_article_that_is_about_such_a_page_is_read(title: str) -> None:
    article = read(f"{HEAD.format(title)}<h1>{title}</h1><article><p>{STORY[0]}</p></article>")

    assert (article.title, article.body) == (title, STORY[0])


def test_an_article_about_consent_is_read() -> None:
    quoted = "“We use cookies,” most sites say, and hardly anybody reads what comes after that in the box."
    article = read(f"<h1>What a banner says</h1><article><p>{STORY[0]}</p><p>{quoted}</p>{PARAGRAPHS}</article>")

    assert quoted in article.body


@pytest.mark.parametrize(
    ("title", "story"),
    [
        (
            "Browsers drop cookies",
            "Two browser makers said that they would stop accepting third-party cookies next year.",
        ),
        (
            "Multa por cookies",
            "La agencia multó a una aerolínea por instalar cookies sin consentimiento de los usuarios.",
        ),
        (
            "Shop down",
            "The shop’s website showed “Something went wrong. Please try again later” for six hours on Friday.",
        ),
        (
            "Captchas get harder",
            "Captchas now take people eleven seconds to solve, a study says, while robots need one.",
        ),
        (
            "A new password",
            "Enter your old password, then the new one twice. The bank says that you have until Friday.",
        ),
        (
            "Netflix asks for more",
            "Subscribers who share a password must pay eight dollars more a month, the company said.",
        ),
        (
            "404 and counting",
            "The number 404 has meant a lost page for three decades, and was first shown in a laboratory.",
        ),
        (
            "El servidor público",
            "El servidor público que filtró los datos fue apartado el lunes, informó el ministerio.",
        ),
    ],
)
def test_a_short_article_that_uses_the_words_of_such_pages_is_read(title: str, story: str) -> None:
    assert read(f"{HEAD.format(title)}<h1>{title}</h1><article><p>{story}</p></article>").body == story


@pytest.mark.parametrize(
    "wall",
    [
        "This content is for subscribers only.",
        "Create a free account to keep reading.",
        "Regístrate gratis para seguir leyendo.",
        "Este contenido es exclusivo para suscriptores. Suscríbete para seguir leyendo.",
        "Artigo exclusivo para assinantes.",
        "Connectez-vous pour lire la suite.",
    ],
)
def test_what_a_wall_says_is_no_part_of_the_article_it_cuts_short(wall: str) -> None:
    article = read(f"{HEAD.format('Harbour')}<h1>Harbour</h1><article><p>{STORY[0]}</p><div>{wall}</div></article>")

    assert (article.body, article.flags) == (STORY[0], ("paywall",))
