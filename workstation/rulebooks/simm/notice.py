"""The licence notice that stands wherever a sensitivity-based figure is shown."""

LICENCE_NOTICE = (
    "ISDA SIMM is a trademark of the International Swaps and Derivatives Association, Inc. Its "
    "methodology and parameters are protected by copyright and U.S. Patent No. 10,515,410. Use is "
    "limited to a market participant's own commercial transactions unless ISDA agrees in writing; "
    "service providers need a licence from ISDA. The CRIF format is ISDA's as well."
)
