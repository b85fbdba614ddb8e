"""Pages that check, block or ask their visitor are no articles, in words that no list has; short articles are."""

import re

import pytest

from ingest.core.errors import AccessBlocked, ConsentAsked, NotAnArticle, SignInAsked, TitleMismatch
from tests.articles.test_page import STORY, read
from tests.makers import an_entry

HEAD = {
    "UNLISTED": '<meta name="robots" content="noindex,nofollow">',
    "REFRESH": '<meta http-equiv="refresh" content="20">',
}
LISTED = an_entry(title="Harbour reopens after nine days of storm")

# Each page: its name, its title and what else stands in its head; then its body.
ENGLISH = """
== a quick test | Hold on a second | UNLISTED
<h1>gazette.example</h1><p>Before we let you through, a quick test of your connection is under way. No action is
needed on your part.</p><p>Performance and security by Cloudflare. Ray ID: 8f2c11aa90bd7e13</p>
== a slider | gazette.example |
<h1>Drag the slider to the right</h1><p>Something in how this browser behaves looks like a script to us. Move the
piece until the picture is whole and you will be back in a moment.</p><iframe
src='https://gate.example/c?k=1'></iframe>
== a button to hold | Before we continue... | UNLISTED
<div><h1>Before we continue...</h1><p>Keep your finger on the button until it fills, so that we can be sure a person
is reading.</p><p>Reference ID 3b1e0f50-7c11-11ef-9a1d-aaaaaaaaaaaa</p></div>
== a protection |  | UNLISTED
<p>Powered by Imperva. The owner of this website has put protection in place against automated visits, and yours was
taken for one.</p><p>Incident number: 512000430077712345-88401</p>
== a denied address | Access Denied |
<h1>Access Denied</h1><p>Your client does not have the rights to open "http://www.gazette.example/harbour" on this
edge server.</p><p>Reference #18.5c1d1702.1764500000.1a2b3c4d</p>
== a captcha box | Human Verification |
<noscript><h1>JavaScript is disabled</h1><p>In order to go on, turn on scripts in your browser and reload the
page.</p></noscript><div id='captcha-container'><p>Let's confirm you are human. Complete the security check before
continuing. This step verifies that you are not a bot, which helps to protect your account.</p></div>
== a rate limit | Slow down | UNLISTED
<h1>Slow down, please</h1><p>Your network has opened more pages in the last minute than a reader could. Come back in
ten minutes and all will be as usual.</p>
== a quota | 429 |
<h1>Quota exceeded</h1><p>The limit of page views for your address has been reached. Access will be restored at
midnight UTC.</p>
== a country kept out | Gazette |
<h1>We can't serve readers where you are</h1><p>For legal reasons the Gazette is closed to visitors from the European
Economic Area at present. Write to web@gazette.example if you have questions.</p>
== a VPN | Proxy detected | UNLISTED
<h1>Proxy or VPN detected</h1><p>It seems that you are browsing through a VPN. Switch it off and load the page anew to
read on.</p>
== an ad blocker | Gazette |
<div class='wall'><h2>Our reporters are paid by advertising</h2><p>An extension in your browser hides it. Please add
gazette.example to the list of allowed sites, then refresh.</p><button>I have allowed ads</button></div>
== vendors | Your privacy, your choice | UNLISTED
<h1>Your privacy, your choice</h1><p>With your agreement, we and 839 vendors keep information on your device, such as
unique identifiers, to show ads that suit you.</p><button>Agree and go on</button><button>Settings</button>
== consent or pay | Read with advertising or pay |
<h1>Read with advertising or pay</h1><p>Pick how you want to use this site: free with tracking, or for 3.99 a month
without it. You may withdraw your consent at any time in the data settings.</p>
== a sign-in form | Members' area |
<h1>Members' area</h1><form><p>To open this page, a reader's account is required. Type in your e-mail and the code
that we send.</p><input type='email'><input type='submit'></form>
== a firewall | Request could not be processed | UNLISTED
<h2>Request could not be processed</h2><p>The web application firewall has flagged this visit. If this is a mistake,
pass the following number on to support: 99120047781.</p>
== a queue | You are now in line | UNLISTED REFRESH
<h1>You are now in line</h1><p>A lot of people want to read right now. You will be let in as soon as it is your turn;
this page reloads by itself.</p>
== scripts switched off | Gazette |
<p>Scripts are switched off in your browser. Turn them on and reload to view the Gazette.</p>
== a validation | Validating | UNLISTED
<h1>Validating your session</h1><p>This takes up to five seconds. You will be forwarded to the page you asked for on
its own.</p><script src='/_guard/challenge.js'></script>
== a test in a footer | Checking |
<main><h2>www.gazette.example</h2><p>We're running a short test to see that there is a real reader behind this
request. It will be over in a blink.</p><noscript>Switch on JavaScript to proceed.</noscript><div class='footer'>Ray
ID: <code>91ac03bb2f77e0aa</code></div></main>
== a riddle | gazette.example |
<p>Sorry for the hurdle. Our defences could not tell your visit from that of a crawler.</p><p>Solve the little riddle
below and we'll take you straight to your article.</p>
== a stopped visit | Blocked | UNLISTED
<h1>Your visit was stopped</h1><p>An automatic rule has stopped it. Should this be wrong, send a message with the code
below to the webmaster.</p><p>f3a9c2e17b04d5</p>
== too many page loads | Temporarily limited |
<h1>Temporarily limited</h1><p>There have been a lot of page loads from where you connect. Take a break and have
another go in a quarter of an hour.</p>
== an anonymous network | Anonymous network | UNLISTED
<h1>Anonymous network in use</h1><p>Readers who arrive through Tor or a hosting company are turned away here. Use your
ordinary line instead.</p>
== an ad filter | A word about ads |
<h1>A word about ads</h1><p>You have an ad filter running. Pause it for this site, and your story opens at
once.</p><button>Done, open my story</button>
== cookie choices | Cookie choices | UNLISTED
<h1>Cookie choices</h1><p>Some cookies are needed for the site to work; the rest help us and our 220 advertising
partners to know you better. Which ones may we set?</p><button>All</button><button>Only needed ones</button>
== readers only | Readers only |
<h1>Readers only</h1><form><p>Give your name and password to carry on.</p><input type='text'><input
type='password'></form><a href='/join'>Join</a>
== a checkpoint | Checkpoint | REFRESH
<h1>Checkpoint</h1><p>Your browser is being examined. The article opens on its own afterwards.</p>
== pictures to pick | Pick the boats | UNLISTED
<h1>Pick every square with a boat</h1><div id='captcha-box'></div><p>That tells us that it's you and no machine.</p>
== a numbered limit | Error 1015 |
<h1>Error 1015</h1><h2>You are being rate limited</h2><p>The owner of this website has banned you temporarily from
accessing it.</p><p>Ray ID: 7f00aa12bc34de56 • Your IP: 192.0.2.7</p>
"""
SPANISH = """
== a quick test | Un segundo | UNLISTED
<h1>gazeta.example</h1><p>Antes de dejarte pasar hacemos una prueba rápida de tu conexión. No tienes que hacer
nada.</p><p>Ray ID: 7aa0c1d2e3f40516</p>
== a slider | gazeta.example |
<h1>Desliza la pieza hacia la derecha</h1><p>El comportamiento de este navegador nos parece el de un programa. Arma la
imagen y en un instante seguirás leyendo.</p>
== a rate limit | Demasiadas visitas | UNLISTED
<h1>Demasiadas peticiones</h1><p>Desde tu red se han abierto más páginas de las que permite el sitio. Espera unos
minutos y carga otra vez la página.</p>
== a country kept out | La Gaceta |
<h1>Contenido restringido</h1><p>Por motivos legales La Gaceta no puede mostrarse a quienes visitan desde tu
ubicación.</p>
== letters to copy | Control de acceso | UNLISTED
<h1>¿Eres una persona?</h1><form><p>Escribe las letras que ves en la imagen para continuar.</p><img
src='/c.png'><input name='letras'></form>
== a denied address | Acceso no autorizado |
<h1>Acceso no autorizado</h1><p>El servidor ha denegado la entrada a esta dirección. Referencia
18.a1b2c3d4.1764500000.55aa66bb</p>
== vendors | Tu privacidad | UNLISTED
<h1>Tu privacidad es importante</h1><p>Con tu permiso, nosotros y 412 proveedores guardamos identificadores en tu
dispositivo para personalizar la publicidad.</p><button>Aceptar y continuar</button>
== a sign-in form | Zona de socios |
<h1>Zona de socios</h1><form><p>Para abrir esta página hace falta una cuenta de lector. Pon tu correo y te mandamos un
código.</p><input type='email'></form>
== a VPN | VPN detectada |
<h1>Parece que navegas con una VPN</h1><p>Apágala y vuelve a cargar la página para seguir.</p>
== an ad blocker | La Gaceta |
<h2>La publicidad paga nuestro periodismo</h2><p>Tienes activa una extensión que la oculta. Añade gazeta.example a la
lista blanca y recarga.</p>
== a validation | Validación |
<h1>Validando</h1><p>Estamos mirando que detrás de esta petición haya un lector de verdad. Tarda un suspiro.</p><p>ID
de rayo: 91ac03bb2f77e0ab</p>
== a riddle | gaceta.example |
<p>Nuestro filtro no distingue tu visita de la de un rastreador.</p><p>Resuelve el acertijo y te llevamos a tu
artículo.</p>
== a stopped visit | Visita detenida | UNLISTED
<h1>Visita detenida</h1><p>Una regla automática la ha parado. Si crees que es un error, manda este código al
administrador: b7f3a9c2e17b04</p>
== too many pages | Límite alcanzado |
<h1>Límite alcanzado</h1><p>Has abierto demasiadas páginas en poco tiempo. Tómate un descanso y prueba de nuevo en un
cuarto de hora.</p>
== out of the area | Fuera de zona |
<h1>Fuera de zona</h1><p>Este diario no se puede leer desde el lugar en el que te encuentras, por los acuerdos de
derechos.</p>
== an ad filter | Sobre los anuncios |
<h1>Sobre los anuncios</h1><p>Llevas un filtro de anuncios encendido. Páusalo en este sitio y la noticia se abre al
momento.</p><button>Listo</button>
== cookie choices | Cookies | UNLISTED
<h1>Elige tus cookies</h1><p>Unas hacen falta para que el sitio funcione; las otras nos ayudan a nosotros y a 220
anunciantes a conocerte mejor.</p><button>Todas</button>
== readers only | Solo lectores |
<h1>Solo lectores</h1><form><p>Pon tu nombre y tu clave para seguir.</p><input type='password'></form>
== pictures to pick | Elige los barcos |
<h1>Elige los cuadros con un barco</h1><div id='captcha-box'></div><p>Así sabemos que no eres una máquina.</p>
"""
PORTUGUESE = """
== a quick test | Só um segundo | UNLISTED
<h1>gazeta.example</h1><p>Antes de liberar a entrada, fazemos um teste rápido da sua conexão. Nada precisa ser feito
da sua parte.</p><p>Ray ID: 6bb1c2d3e4f50617</p>
== a slider | gazeta.example |
<h1>Arraste a peça para a direita</h1><p>O comportamento deste navegador parece o de um programa. Monte a figura e já
volta a ler.</p>
== a rate limit | Muitas requisições | UNLISTED
<h1>Muitas requisições</h1><p>Da sua rede foram abertas mais páginas do que o site permite. Aguarde alguns minutos e
recarregue.</p>
== a country kept out | A Gazeta |
<h1>Fora da área de cobertura</h1><p>Por razões legais, A Gazeta não pode ser exibida para quem acessa do seu
país.</p>
== letters to copy | Controle de acesso | UNLISTED
<h1>Você é uma pessoa?</h1><form><p>Digite as letras da imagem para prosseguir.</p><input name='letras'></form>
== vendors | Sua privacidade | UNLISTED
<h1>A sua privacidade importa</h1><p>Com a sua permissão, nós e 533 fornecedores guardamos identificadores no seu
aparelho para personalizar anúncios.</p><button>Aceitar e seguir</button>
== a sign-in form | Área do leitor |
<h1>Área do leitor</h1><form><p>Para abrir esta página é preciso ter conta. Coloque o seu e-mail e enviaremos um
código.</p><input type='email'></form>
== a firewall | Pedido recusado | UNLISTED
<h1>Pedido recusado</h1><p>O sistema de proteção do site considerou esta visita suspeita. Caso seja um engano, informe
o número 8840017712 ao suporte.</p>
== a queue | Você está na fila | REFRESH
<h1>Você está na fila</h1><p>Há muita gente querendo ler agora. Assim que chegar a sua vez, a página abre sozinha.</p>
== a validation | Validação |
<h1>Validando</h1><p>Estamos vendo se há um leitor de verdade por trás deste pedido. É rápido.</p><p>Ray ID:
91ac03bb2f77e0ac</p>
== a riddle | gazeta.example |
<p>Nosso filtro não distingue a sua visita da de um rastreador.</p><p>Resolva o enigma e levamos você à matéria.</p>
== a stopped visit | Visita interrompida | UNLISTED
<h1>Visita interrompida</h1><p>Uma regra automática parou a visita. Se foi engano, mande este código ao administrador:
c7f3a9c2e17b04</p>
== too many pages | Limite atingido |
<h1>Limite atingido</h1><p>Você abriu páginas demais em pouco tempo. Faça uma pausa e tente outra vez daqui a quinze
minutos.</p>
== out of the area | Fora da região |
<h1>Fora da região</h1><p>Este jornal não pode ser lido de onde você está, por causa de acordos de direitos.</p>
== an ad filter | Sobre os anúncios |
<h1>Sobre os anúncios</h1><p>Você está com um filtro de anúncios ligado. Pause o filtro neste site e a notícia abre na
hora.</p><button>Pronto</button>
== readers only | Só leitores |
<h1>Só leitores</h1><form><p>Ponha o seu nome e a sua senha para seguir.</p><input type='password'></form>
"""
FRENCH = """
== a quick test | Un petit instant | UNLISTED
<h1>gazette.example</h1><p>Avant de vous laisser entrer, nous faisons un test rapide de votre connexion. Vous n'avez
rien à faire.</p><p>Ray ID : 5cc2d3e4f5061728</p>
== a slider | gazette.example |
<h1>Glissez la pièce vers la droite</h1><p>Le comportement de ce navigateur ressemble à celui d'un programme.
Complétez l'image et vous reprendrez votre lecture.</p>
== a rate limit | Trop de demandes | UNLISTED
<h1>Trop de demandes</h1><p>Depuis votre réseau, plus de pages ont été ouvertes que le site n'en permet. Patientez
quelques minutes puis rechargez.</p>
== a country kept out | La Gazette |
<h1>Contenu restreint</h1><p>Pour des raisons juridiques, La Gazette ne peut être affichée depuis votre pays.</p>
== letters to copy | Contrôle d'accès | UNLISTED
<h1>Êtes-vous une personne ?</h1><form><p>Recopiez les lettres de l'image pour continuer.</p><input
name='lettres'></form>
== vendors | Vos données | UNLISTED
<h1>Vos données, votre choix</h1><p>Avec votre accord, nous et 644 prestataires conservons des identifiants sur votre
appareil afin de personnaliser la publicité.</p><button>Accepter et continuer</button>
== a sign-in form | Espace lecteurs |
<h1>Espace lecteurs</h1><form><p>Pour ouvrir cette page, un compte est nécessaire. Indiquez votre adresse et nous
enverrons un code.</p><input type='email'></form>
== a VPN | VPN repéré |
<h1>Un VPN a été repéré</h1><p>Coupez-le puis rechargez la page afin de poursuivre.</p>
== a validation | Validation |
<h1>Validation en cours</h1><p>Nous regardons si un vrai lecteur se trouve derrière cette demande. C'est l'affaire
d'un clin d'œil.</p><p>Ray ID : 91ac03bb2f77e0ad</p>
== a riddle | gazette.example |
<p>Notre filtre ne distingue pas votre passage de celui d'un robot d'indexation.</p><p>Résolvez l'énigme et vous serez
conduit à votre article.</p>
== a stopped visit | Visite interrompue | UNLISTED
<h1>Visite interrompue</h1><p>Une règle automatique l'a arrêtée. En cas d'erreur, transmettez ce code à
l'administrateur : d7f3a9c2e17b04</p>
== too many pages | Limite atteinte |
<h1>Limite atteinte</h1><p>Vous avez ouvert trop de pages en peu de temps. Faites une pause et retentez dans un quart
d'heure.</p>
== out of the area | Hors zone |
<h1>Hors zone</h1><p>Ce journal ne peut être lu de l'endroit où vous vous trouvez, en raison d'accords sur les
droits.</p>
== readers only | Réservé aux lecteurs |
<h1>Lecteurs uniquement</h1><form><p>Donnez votre nom et votre mot de passe pour poursuivre.</p><input
type='password'></form>
"""


def pages_of(text: str) -> dict[str, str]:
    """Return the markup of pages by name."""
    pages = {}
    for told in text.split("\n== ")[1:]:
        first, _, body = told.partition("\n")
        name, title, head = first.split(" |")
        marks = "".join(HEAD[mark] for mark in head.split())
        pages[name] = f"<html><head><title>{title}</title>{marks}</head><body>{body}</body></html>"
    return pages


PAGES = {
    f"{language}: {name}": html
    for language, text in (("en", ENGLISH), ("es", SPANISH), ("pt", PORTUGUESE), ("fr", FRENCH))
    for name, html in pages_of(text).items()
}
SHORT_STORIES = {
    "a law on proxies": (
        "Lawmakers vote to ban VPN use",
        "Parliament voted on Monday to fine people who browse through a proxy. Providers must verify each account.",
    ),
    "an outage": (
        "Bank website down for six hours",
        "Customers could not log in to their accounts on Friday, for its servers had received too many requests.",
    ),
    "a study on captchas": (
        "Robots now solve captchas",
        "A program solved nine of ten image puzzles that websites use to tell people from robots, researchers said.",
    ),
    "a robbery in Spanish": (
        "Roban contraseñas de 4.000 cuentas",
        "Un programa robó las contraseñas de 4.000 cuentas de correo, dijo la fiscalía desde su servidor.",
    ),
    "a blocked site in Spanish": (
        "Bloquean el acceso a una web de apuestas",
        "Un juez ordenó bloquear el acceso a una página de apuestas. Su publicidad ya se había retirado en mayo.",
    ),
    "a network in Portuguese": (
        "Rede social muda regra de contas",
        "A rede social vai pedir documento a quem abrir conta no país. A empresa diz que 40% dos acessos são de robôs.",
    ),
    "a power cut in French": (
        "Le réseau électrique coupé dans trois pays",
        "Le réseau a été coupé lundi dans trois pays. Une personne a été blessée, et la demande n'a pu être servie.",
    ),
    "advice": (
        "How to keep your garden alive in June",
        "Water your plants before sunrise. You need no more than a can for each bed, and your soil will thank you.",
    ),
}
ADVICE = (
    "Change your router's password today",
    "Your router's password may be known. Open its settings page, type a new password, and restart the device.",
)


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES.keys())
def test_a_page_that_checks_blocks_or_asks_is_refused(html: str) -> None:
    with pytest.raises(NotAnArticle):
        read(html)


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES.keys())
def test_it_is_refused_beside_a_feed_that_lists_an_article(html: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        read(html, entry=LISTED)

    assert type(caught.value) in {AccessBlocked, ConsentAsked, SignInAsked, TitleMismatch, NotAnArticle}


def plain_page(title: str, *paragraphs: str, head: str = "") -> str:
    told = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{told}</body></html>"


@pytest.mark.parametrize(("title", "story"), SHORT_STORIES.values(), ids=SHORT_STORIES.keys())
def test_a_short_article_on_a_bare_page_is_read(title: str, story: str) -> None:
    form = "<form action='/newsletter'><input type='email'><button>OK</button></form>"

    assert read(plain_page(title, story)).body == story
    assert read(plain_page(title, story) + form).body == story


def test_what_speaks_to_its_reader_as_a_check_does_is_read_where_its_feed_calls_it_so() -> None:
    html = plain_page(*ADVICE)

    assert read(html, entry=an_entry(title="Change that router password")).body == ADVICE[1]
    with pytest.raises(AccessBlocked):
        read(html)


def test_a_bare_page_with_an_article_of_some_length_is_read_though_it_speaks_to_its_reader() -> None:
    html = plain_page("Harbour reopens", *STORY, *STORY, *ADVICE * 4)

    assert read(html).title == "Harbour reopens"


class TestAPageThatHasNoWordOfItsFeedsTitle:
    HTML = plain_page("Zum Tor", "Bevor das Tor aufgeht, wird nachgesehen, wer davor steht. Es dauert nicht lange.")

    def test_is_held_back(self) -> None:
        with pytest.raises(TitleMismatch, match="Harbour reopens"):
            read(self.HTML, entry=LISTED)

    def test_is_read_without_a_feed(self) -> None:
        assert read(self.HTML).title == "Zum Tor"

    @pytest.mark.parametrize("listed", ["", "16.11.2026", "Live", "Morgen: wer davor steht"])
    def test_is_read_where_the_feeds_title_tells_nothing_or_the_same(self, listed: str) -> None:
        assert read(self.HTML, entry=an_entry(title=listed)).title == "Zum Tor"

    def test_is_held_back_though_it_repeats_its_address(self) -> None:
        html = self.HTML.replace("lange.", "lange: https://gazette.example/harbour-reopens-after-nine-days.")

        with pytest.raises(TitleMismatch):
            read(html, entry=LISTED)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("</head>", '<meta property="article:published_time" content="2026-11-15T08:00:00Z"></head>'),
            ("</head>", '<meta property="og:type" content="article"></head>'),
            ("</head>", '<meta name="author" content="Rosa Kay"></head>'),
            ("</h1>", '</h1><time datetime="2026-11-15">15. November</time>'),
            ("</h1>", "</h1><article></article>"),
            ("lange.", "lange. So war es auch nach dem storm."),
            ("lange.", f"lange.</p><p>{' '.join(re.sub('storm|nine|days', 'x', text) for text in STORY * 3)}"),
        ],
        ids=["a date", "its type", "an author", "a time", "an article", "a word of it in the text", "a long text"],
    )
    def test_is_read_where_anything_says_that_it_is_an_article(self, before: str, after: str) -> None:
        html = self.HTML.replace(before, after)

        assert read(html, entry=LISTED).title == "Zum Tor"
