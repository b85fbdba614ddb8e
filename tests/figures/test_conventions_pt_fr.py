"""How publishers of Brazil, Portugal, Portuguese-speaking Africa, France, Belgium, Switzerland, Quebec and
French-speaking Africa write money, separators, scales and what is no figure: a table of our own words."""

from decimal import Decimal

import pytest

from ingest.figures import read_figures

Row = tuple[str, str, list[tuple[str, str | None]]]  # country, text, value and unit of each figure

PORTUGUESE: list[Row] = [
    # money
    ("BR", "A obra custou R$ 1.250,50.", [("1250.5", "BRL")]),
    ("BR", "A obra custou R$1.250.", [("1250", "BRL")]),
    ("BR", "A obra custou R$ 12 mil.", [("12000", "BRL")]),
    ("BR", "A obra custou R$ 3,4 milhões.", [("3400000", "BRL")]),
    ("BR", "A obra custou R$ 3,4 mi.", [("3400000", "BRL")]),
    ("BR", "A obra custou R$ 1 bilhão.", [("1000000000", "BRL")]),
    ("BR", "A obra custou R$ 2,7 bi.", [("2700000000", "BRL")]),
    ("BR", "A dívida soma R$ 9,6 trilhões.", [("9600000000000", "BRL")]),
    ("BR", "A dívida soma R$ 9,6 tri.", [("9600000000000", "BRL")]),
    ("BR", "A obra custou 15 milhões de reais.", [("15000000", "BRL")]),
    ("BR", "A obra custou US$ 2,5 bilhões.", [("2500000000", "USD")]),
    ("BR", "A obra custou U$ 40 milhões.", [("40000000", "USD")]),
    ("BR", "A obra custou € 40 milhões.", [("40000000", "EUR")]),
    ("BR", "A obra custou R$ 1,234 bilhão.", [("1234000000", "BRL")]),
    ("BR", "A obra custou meio milhão de reais.", [("500000", "BRL")]),
    ("BR", "O bilhete custa 50 centavos.", [("0.5", "BRL")]),
    ("BR", "O bilhete custa 3 reais e 50 centavos.", [("3.5", "BRL")]),
    ("BR", "Os ingressos vão de R$ 90 a R$ 480.", [("90..480", "BRL")]),
    ("BR", "O preço passou de R$ 4,40 para R$ 5.", [("4.4", "BRL"), ("5", "BRL")]),
    ("BR", "Os prejuízos são de 30 a 40 milhões de reais.", [("30000000..40000000", "BRL")]),
    ("BR", "O fundo tem 300 mil pesos argentinos.", [("300000", "ARS")]),
    ("BR", "O jogador vale 20 milhões de libras esterlinas.", [("20000000", "GBP")]),
    ("PT", "A obra custou mil milhões de euros.", [("1000000000", "EUR")]),
    ("PT", "A obra custou 2,5 mil milhões de euros.", [("2500000000", "EUR")]),
    ("PT", "A dívida soma 1,2 biliões de euros.", [("1200000000000", "EUR")]),
    ("PT", "A obra custou 45 milhões de euros.", [("45000000", "EUR")]),
    ("PT", "A obra custou 1.250,50 €.", [("1250.5", "EUR")]),
    ("PT", "A obra custou 1 250 euros.", [("1250", "EUR")]),
    ("PT", "A obra custou 12 M€.", [("12000000", "EUR")]),
    ("PT", "O gasóleo sobe três cêntimos.", [("0.03", "EUR")]),
    ("AO", "A obra custou 4,5 mil milhões de kwanzas.", [("4500000000", "AOA")]),
    ("MZ", "A obra custou 600 milhões de meticais.", [("600000000", "MZN")]),
    # separators
    ("BR", "Vieram 2.500 pessoas.", [("2500", "pessoa")]),
    ("PT", "Vieram 2 500 pessoas.", [("2500", "pessoa")]),
    ("BR", "Vieram 1.250.000 pessoas.", [("1250000", "pessoa")]),
    ("AO", "Vieram 12.400 pessoas.", [("12400", "pessoa")]),
    ("BR", "A taxa caiu para 6,125%.", [("6.125", "percent")]),
    ("BR", "O índice recuou a 128.450 pontos.", [("128450", "point")]),
    ("BR", "O tremor teve magnitude 5.8 e afetou 3.200 casas.", [("5.8", "magnitude"), ("3200", "casa")]),
    # scales and number words
    ("BR", "Vieram 10 mil pessoas.", [("10000", "pessoa")]),
    ("BR", "Vieram mil pessoas.", [("1000", "pessoa")]),
    ("BR", "Vieram mil e duzentas pessoas.", [("1200", "pessoa")]),
    ("BR", "Vieram dois mil e quinhentos alunos.", [("2500", "aluno")]),
    ("BR", "Vieram cento e vinte e três alunos.", [("123", "aluno")]),
    ("BR", "Vieram vinte e uma pessoas.", [("21", "pessoa")]),
    ("BR", "Vieram três milhões e duzentas mil pessoas.", [("3200000", "pessoa")]),
    ("BR", "Vieram 1,8 milhão de pessoas.", [("1800000", "pessoa")]),
    ("BR", "Vieram um milhão e meio de pessoas.", [("1500000", "pessoa")]),
    ("BR", "Vieram meia dúzia de pessoas.", [("6", "pessoa")]),
    ("BR", "Venderam duas dúzias de ovos.", [("24", "ovo")]),
    ("BR", "Veio uma centena de pessoas.", [("100", "pessoa")]),
    ("PT", "Vieram dezasseis alunos e dezanove professores.", [("16", "aluno"), ("19", "professor")]),
    ("BR", "Vieram dezesseis alunos e quatorze professores.", [("16", "aluno"), ("14", "professor")]),
    # shares, times and durations
    ("BR", "A conta subiu 2,5 pontos percentuais.", [("2.5", "percentage_point")]),
    ("BR", "O juro caiu 25 pontos-base.", [("25", "basis_point")]),
    ("BR", "A conta subiu doze por cento.", [("12", "percent")]),
    ("BR", "Um terço dos alunos faltou.", [("0.3333", None)]),
    ("BR", "Dois em cada três alunos faltaram.", [("0.6667", None)]),
    ("BR", "A metade dos alunos faltou.", [("0.5", None)]),
    ("BR", "A conta é três vezes maior.", [("3", "times")]),
    ("BR", "A viagem durou duas horas e meia.", [("2.5", "hour")]),
    ("BR", "A viagem durou 22 anos e seis meses.", [("270", "month")]),
    ("BR", "Uma mulher de 45 anos foi presa.", [("45", "year")]),
    ("BR", "Ana Prado, 45, foi presa.", [("45", "year")]),
    ("BR", "A multa vale para pessoas com mais de 60 anos.", [("60", "year")]),
    ("BR", "O local tem 85 m² e fica a 2 km do mar.", [("85", "square_metre"), ("2", "kilometre")]),
    # no figures
    ("BR", "A reunião foi nesta terça-feira (12), às 14h30.", []),
    ("BR", "A loja abre das 8h às 18h e, no sábado, até as 13h.", []),
    ("PT", "O museu abre das 10h00 às 18h00.", []),
    ("BR", "Aconteceu em 5 de maio de 2024, no dia 7 e em 1º de junho.", []),
    ("BR", "O decreto 11.123, o artigo 5 e a PEC 45 foram citados.", []),
    ("BR", "O acidente foi no km 35 da BR-116.", []),
    ("BR", "O time venceu por 3 a 1 e empatou em 2 a 2.", []),
    ("BR", "Ficou em 4º lugar na 12ª rodada.", []),
    ("BR", "Viveu lá nos anos 80 e na década de 1990.", []),
    ("BR", "Chegou há três anos e partiu dois dias depois.", []),
    ("BR", "Milhares de pessoas e dezenas de carros passaram.", []),
    ("BR", "O lucro caiu no segundo trimestre e no terceiro mês.", []),
    ("BR", "Ligue para o 190.", []),
    ("BR", "A loja fica na Rua Augusta, 1.500, e o gol saiu no minuto 88.", []),
    ("BR", "A nota do Ideb, 6,2, subiu; ouviram tiros por volta de 1h.", []),
    ("BR", "Foi um dia de chuva para uma cidade pequena.", []),
]  # fmt: skip

FRENCH: list[Row] = [
    # money
    ("FR", "Le chantier a coûté 1 250,50 euros.", [("1250.5", "EUR")]),
    ("FR", "Le chantier a coûté 1\u202f250\u202f000\u00a0€.", [("1250000", "EUR")]),
    ("FR", "Le chantier a coûté 1.250 euros.", [("1250", "EUR")]),
    ("FR", "Le chantier a coûté 12 000 €.", [("12000", "EUR")]),
    ("FR", "Le chantier a coûté 3,4 millions d'euros.", [("3400000", "EUR")]),
    ("FR", "Le chantier a coûté 3,4 millions d’euros.", [("3400000", "EUR")]),
    ("FR", "Le chantier a coûté 1,2 milliard d'euros.", [("1200000000", "EUR")]),
    ("FR", "Le chantier a coûté 10 milliards €.", [("10000000000", "EUR")]),
    ("FR", "La dette atteint 3 228 milliards d'euros.", [("3228000000000", "EUR")]),
    ("FR", "La dette atteint 1,5 billion d'euros.", [("1500000000000", "EUR")]),
    ("FR", "Le chantier a coûté 12 M€.", [("12000000", "EUR")]),
    ("FR", "Le chantier a coûté 12,5M€.", [("12500000", "EUR")]),
    ("FR", "Le chantier a coûté 2,1 Md€.", [("2100000000", "EUR")]),
    ("FR", "Le chantier a coûté 2,1 Mds€.", [("2100000000", "EUR")]),
    ("FR", "Le chantier a coûté 150 k€.", [("150000", "EUR")]),
    ("FR", "Le chantier a coûté un demi-million d'euros.", [("500000", "EUR")]),
    ("FR", "Le chantier a coûté mille euros.", [("1000", "EUR")]),
    ("FR", "Le litre a pris trois centimes.", [("0.03", "EUR")]),
    ("FR", "Les billets coûtent de 90 à 480 euros.", [("90..480", "EUR")]),
    ("FR", "Le prix est passé de 3 euros à 4,50 euros.", [("3", "EUR"), ("4.5", "EUR")]),
    ("FR", "Le baril vaut 78,40 dollars.", [("78.4", "USD")]),
    ("FR", "L'amende est de 20 millions de livres sterling.", [("20000000", "GBP")]),
    ("CH", "Le chantier a coûté 3 millions de francs suisses.", [("3000000", "CHF")]),
    ("CH", "Le chantier a coûté 3 millions de francs.", [("3000000", "CHF")]),
    ("SN", "Le chantier a coûté 45 milliards de francs CFA.", [("45000000000", "XOF")]),
    ("CI", "Le chantier a coûté 500 millions FCFA.", [("500000000", "XOF")]),
    ("CD", "Le chantier a coûté 500 millions de francs congolais.", [("500000000", "CDF")]),
    ("MA", "Le chantier a coûté 600 millions de dirhams.", [("600000000", "MAD")]),
    ("DZ", "Le chantier a coûté 600 millions de dinars.", [("600000000", "DZD")]),
    ("HT", "Le chantier a coûté 25 000 gourdes.", [("25000", "HTG")]),
    ("CA", "Le chantier a coûté 12 millions de dollars canadiens.", [("12000000", "CAD")]),
    # separators
    ("FR", "On compte 2 500 personnes.", [("2500", "personne")]),
    ("FR", "On compte 2.500 personnes.", [("2500", "personne")]),
    ("CA", "On compte 1 250 000 personnes.", [("1250000", "personne")]),
    ("CA", "Le taux est de 5,125 %.", [("5.125", "percent")]),
    ("FR", "L'indice gagne 12,5 points à 7 543,21 points.", [("12.5", "point"), ("7543.21", "point")]),
    # scales and number words
    ("FR", "Dix-sept personnes et vingt et un pompiers sont venus.", [("17", "personne"), ("21", "pompier")]),
    ("FR", "Soixante et onze personnes sont venues.", [("71", "personne")]),
    ("FR", "Quatre-vingt-dix-sept personnes sont venues.", [("97", "personne")]),
    ("FR", "Quatre-vingts personnes sont venues.", [("80", "personne")]),
    ("BE", "Septante personnes et nonante-deux élèves sont venus.", [("70", "personne"), ("92", "élève")]),
    ("CH", "Huitante personnes sont venues.", [("80", "personne")]),
    ("FR", "Deux cent soixante-dix médecins sont venus.", [("270", "médecin")]),
    ("FR", "Mille deux cents familles sont venues.", [("1200", "famille")]),
    ("FR", "Trois millions deux cent mille personnes sont venues.", [("3200000", "personne")]),
    ("FR", "Un million et demi de personnes sont venues.", [("1500000", "personne")]),
    ("FR", "Une cinquantaine d'habitants sont venus.", [("50", "habitant")]),
    ("FR", "Une douzaine d'œufs est tombée.", [("12", "œuf")]),
    ("FR", "Près de 4 millions d'habitants votent.", [("4000000", "habitant")]),
    # shares, times and durations
    ("FR", "Le taux a pris 2,5 points de pourcentage.", [("2.5", "percentage_point")]),
    ("FR", "Le taux a perdu 25 points de base.", [("25", "basis_point")]),
    ("FR", "Le taux est de douze pour cent.", [("12", "percent")]),
    ("FR", "Les deux tiers des élèves sont venus.", [("0.6667", None)]),
    ("FR", "Un élève sur quatre est venu.", [("0.25", None)]),
    ("FR", "La moitié des élèves sont venus.", [("0.5", None)]),
    ("FR", "La facture est trois fois plus élevée.", [("3", "times")]),
    ("FR", "Le trajet dure deux heures et demie.", [("2.5", "hour")]),
    ("FR", "Une femme de 45 ans est venue.", [("45", "year")]),
    ("FR", "Anne Prat, 45 ans, est venue.", [("45", "year")]),
    ("FR", "C'est gratuit pour les moins de 12 ans.", [("12", "year")]),
    ("FR", "Il fait 14 °C à 2 km de la mer.", [("14", "degree_celsius"), ("2", "kilometre")]),
    ("FR", "Le vent a soufflé à 120 km/h.", [("120", "kilometre_per_hour")]),
    # no figures
    ("FR", "La réunion a lieu mardi 12 mars à 14h30.", []),
    ("FR", "Le musée ouvre de 8 h à 11 h 30 et de 14 heures à 18 heures.", []),
    ("FR", "Le 1er mai 2024 et le 7 juin, c'était fermé.", []),
    ("FR", "L'article 49.3, la loi n° 2024 et la RN 20 sont cités.", []),
    ("FR", "Ils vivent au 12 rue des Lilas.", []),
    ("FR", "Le club a gagné 3-1 et fini à la 4e place de la 12e journée.", []),
    ("FR", "Dans les années 80 et au XXe siècle, on y vivait.", []),
    ("FR", "Il est arrivé il y a trois ans, elle deux jours plus tard.", []),
    ("FR", "Des milliers de personnes et des dizaines de voitures sont passées.", []),
    ("FR", "Plusieurs millions d'oiseaux passent.", []),
    ("FR", "Appelez le 17 ou le 112.", []),
    ("FR", "Écrivez au 12, avenue Foch, 75016 Paris, ou passez au 3 de la rue Monge.", []),
    ("FR", "C'est ouvert 24 heures sur 24 et 7 jours sur 7.", []),
    ("FR", "Les 18-25 ans votent peu.", [("18..25", "year")]),
    ("FR", "C'est une ville et un port.", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "country", "text", "expected"),
    [*(("pt", *row) for row in PORTUGUESE), *(("fr", *row) for row in FRENCH)],
)
def test_a_convention_of_a_country_is_read_as_it_is_meant(
    language: str, country: str, text: str, expected: list[tuple[str, str | None]]
) -> None:
    figures = read_figures(text, language=language, country=country)

    told = [
        ("..".join(write(end) for end in (one.value, one.value_high) if end is not None), one.unit) for one in figures
    ]
    assert told == expected


def write(value: Decimal | int) -> str:
    return f"{round(Decimal(value), 4).normalize():f}"
