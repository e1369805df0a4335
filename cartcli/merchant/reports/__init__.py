"""The merchant's reports: from the dataframe of `Controller.carts_frame` to a smaller one.

Money is exact, in `Decimal`. Two currencies are never summed: each has rows of its own. A module's
`COLUMNS` are those that its report needs of all carts.
"""
