"""The fault tests: a cart is charged at most once, whatever is killed, stopped or fails.

Glossary. Each of these words means one thing in here.

What goes wrong
    call      one call of the operating system on a file of the store, as the injector or strace
              sees it: its name and its paths
    point     the number of a call, counted from 1 since the command began
    fault     what goes wrong at a point: a kind and a number (`Fault`)
    kind      in which way: kill, killed, interrupt, stop, an error such as EIO, or EIO+, which
              lasts. With watch nothing goes wrong and all calls are noted; cut is watch and kill
    met       a call meets a fault when it is the one that goes wrong
    notes     the file in which calls are noted: those that met the fault, or all
    trace     the noted calls of one run, in order
    injector  makes a call go wrong from inside of the process; strace does so from outside

Where it goes wrong
    scene     the prepared shop of Alice, whose cart is attacked, and Bob, the bystander
    day       "before", or "after" the prices have risen
    picture   all files of a folder at one moment, to be put back or compared
    wreck     the picture of what a killed checkout left
    bench     where attacks take place: a scene, a folder to work in, and a zygote
    trial     one store under attack, made of a picture and thrown away in the end
    zygote    the warm parent process, which has imported the command and forks for every run; it is
              sent requests and sends replies
    program   what a process runs: the command `cart`, warm or from the console script, or a client
              that calls the processor by itself
    run       one process from its start (`Running`) to its end (`Ended`): its exit status, its
              output, its trace
    session   one call of pytest, ordinary or with --exhaustive

What is tried
    attack    does something on a bench while a run meets a fault, then what must mend it, and looks
              at both; gives an outcome: the calls that met the fault, and findings
    sweep     an attack with faults of some kinds at one point after the other, until a run is over
              before it meets one; gives figures
    figures   the numbers of points and faults, and the findings, of a sweep
    rival     a process that comes while another one is stopped; an heir comes to wait for one that
              is then killed, a bystander wants nothing of it
    storm     many processes, let go together
    stopped   said of a process that halts until it is let go; frozen is an attempt, whose charge
              was fixed when the cart was marked

Who judges it
    finding   a sentence that says which promise is broken
    reader    reads a store by itself, not through the code under attack; one for each engine
    books     what a reader found: the carts, the processor's answers, and what is unreadable
    answer    the processor's final word on a key; a capture is an answer that charged a cart
    judge     the rules: what no books may say, and no run may do

Who judges the judge
    defect    an error in the code of a copy of the package, made on purpose
    plant     to make that copy
    edit      the new body of one function, which the planting needs
    hunt      the attack, or sweep, that must find a defect; its findings say what they must
"""
