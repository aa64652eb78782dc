//! `uttor ask` and `uttor chat`: what the command line promises, whatever the matcher finds.
