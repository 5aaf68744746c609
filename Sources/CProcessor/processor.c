// A target of C needs a source file; all is in the header.
