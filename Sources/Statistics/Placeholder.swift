// The module's one error enum and its overview live beside each other.
