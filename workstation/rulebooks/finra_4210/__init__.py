"""FINRA Rule 4210: one module per lettered paragraph, and the two margins made of them.

`strategy.margin` is the strategy-based requirement of paragraphs (c), (e) and (f);
`portfolio.margin` the portfolio requirement of paragraph (g); `paragraphs.PARAGRAPHS` says for
every paragraph what computes it or why nothing does.
"""
