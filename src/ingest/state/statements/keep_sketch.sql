update articles
set
  sketch_1 = :sketch_1,
  sketch_2 = :sketch_2,
  sketch_3 = :sketch_3,
  sketch_4 = :sketch_4,
  sketch_5 = :sketch_5,
  sketch_6 = :sketch_6,
  sketch_7 = :sketch_7,
  sketch_8 = :sketch_8
where article_id = :article_id
