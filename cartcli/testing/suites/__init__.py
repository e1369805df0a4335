"""What each contract promises, as tests: one module a subject, to be imported with `*` into a
module of tests.

    carts       cart_db  cart_changes  cart_payment  cart_requests  cart_rivals  cart_names
                cart_pages  cart_reader  cart_keeper
    catalogues  catalog_db  catalog_pages  catalog_threads  catalog_before
    users       logins  accounts  sessions
    money       payment
"""
