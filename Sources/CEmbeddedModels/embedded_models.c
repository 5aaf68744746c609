// The only C of this package: Swift has no way yet to take a file of megabytes into a binary within seconds.
#include "embedded_models.h"

#ifndef __has_embed
#error "The models are embedded by C23's #embed, which needs clang 19 or newer; Swift 6.2 brings it."
#endif

// Tensors are read where they stand: start a file as a mapped one would, on a boundary that suits any load.
#define EMBEDDED(name) \
  struct embedded_file name(void) { return (struct embedded_file){name##_bytes, sizeof name##_bytes}; }
#define ALIGNED _Alignas(64) static const unsigned char

ALIGNED king_james_target_configuration_bytes[] = {
#embed "../../Fixtures/checkpoints/king-james-target/config.json"
};
ALIGNED king_james_target_weights_bytes[] = {
#embed "../../Fixtures/checkpoints/king-james-target/model.safetensors"
};
ALIGNED king_james_draft_configuration_bytes[] = {
#embed "../../Fixtures/checkpoints/king-james-draft/config.json"
};
ALIGNED king_james_draft_weights_bytes[] = {
#embed "../../Fixtures/checkpoints/king-james-draft/model.safetensors"
};

EMBEDDED(king_james_target_configuration)
EMBEDDED(king_james_target_weights)
EMBEDDED(king_james_draft_configuration)
EMBEDDED(king_james_draft_weights)
