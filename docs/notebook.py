"""A notebook on news.duckdb: `marimo edit docs/notebook.py`, from the folder that holds `warehouse/`."""

import marimo

app = marimo.App(width="medium", app_title="What the newsrooms quote")


@app.cell
def _():
    import os
    import pathlib

    import duckdb
    import marimo as mo

    return duckdb, mo, os, pathlib


@app.cell
def _(mo):
    mo.md(r"""
    # What the newsrooms quote

    `news.duckdb` is opened read only. It is replaced whole after each pass, and what is open stays as it was: run
    the next cell again to see what is new. Another warehouse is named by `INGEST_WAREHOUSE`, or behind two dashes:
    `marimo edit docs/notebook.py -- --warehouse warehouse/demo`.
    """)


@app.cell
def _(duckdb, mo, os, pathlib):
    folder = pathlib.Path(mo.cli_args().get("warehouse") or os.environ.get("INGEST_WAREHOUSE", "warehouse"))
    news = duckdb.connect(str(folder / "news.duckdb"), read_only=True)
    news.execute("set timezone = 'UTC'")
    return (news,)


@app.cell
def _(mo):
    mo.md(r"""
    ## pandas

    `.df()` gives a data frame. Let DuckDB count and join, and take what is small.
    """)


@app.cell
def _(news):
    by_newsroom = news.sql(
        """
        select
          s.name as newsroom,
          count(distinct a.article_id) as articles,
          count(f.figure_id) as figures,
          count(f.attributed_to) as attributed
        from sources as s
        join articles as a using (source_id)
        left join figures as f using (article_id)
        where a.duplicate_of is null
        group by s.name
        order by figures desc
        """
    ).df()
    by_newsroom["attributed_percent"] = (100 * by_newsroom["attributed"] / by_newsroom["figures"]).round(1)
    by_newsroom
    return (by_newsroom,)


@app.cell
def _(news):
    kinds = [kind for (kind,) in news.sql("select distinct kind from figures order by kind").fetchall()]
    return (kinds,)


@app.cell
def _(kinds, mo):
    kind = mo.ui.dropdown(kinds, value="money" if "money" in kinds else None, label="Kind of figure")
    kind
    return (kind,)


@app.cell
def _(kind, news):
    sentences = news.execute(
        """
        select f.value, f.unit, f.qualifier, f.subject, f.attributed_to, f.sentence, a.title
        from figures as f
        join articles as a using (article_id)
        where f.kind = $kind
        order by f.value desc
        limit 200
        """,
        {"kind": kind.value},
    ).df()
    sentences
    return (sentences,)


@app.cell
def _(mo):
    mo.md(r"""
    ## Arrow

    `.to_arrow_table()` hands over columns without copying values one by one; `.to_arrow_reader(rows)` hands over
    some rows at a time, for what does not fit into memory. `value` is a decimal there, exact to six places.
    """)


@app.cell
def _(news):
    dated = news.sql(
        "select f.kind, f.value, a.published_at from figures as f join articles as a using (article_id)"
    ).to_arrow_table()
    dated.schema
    return (dated,)


@app.cell
def _(news):
    longest = ""
    for batch in news.sql("select sentence from figures").to_arrow_reader(10_000):
        longest = max(longest, *batch.column("sentence").to_pylist(), key=len)
    longest
    return (longest,)


@app.cell
def _(mo, news):
    corrected = news.sql(
        """
        select c.seen_at, a.title, c.change, c.before, c.after
        from figure_changes as c
        join articles as a using (article_id)
        order by c.seen_at desc
        limit 20
        """
    ).df()
    mo.vstack([mo.md("## What was corrected"), corrected])
    return (corrected,)


if __name__ == "__main__":
    app.run()
