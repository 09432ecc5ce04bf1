//! Every name a lesson uses without saying where it comes from.
//! Holds no code: a name that a cell defines itself hides the one from here.

pub use plotters;
pub use tch::nn::{self, OptimizerConfig};
pub use tch::{self, Device, IndexOp, Kind, NewAxis, Reduction, TchError, Tensor};

pub use crate::activation::{Activation, gelu, relu, sigmoid, silu, tanh};
pub use crate::activations::{ActivationStatistics, activation_statistics};
pub use crate::ask::{input, password};
pub use crate::attention::{
    MultiHeadAttention, multi_head_attention, scaled_dot_product_attention,
};
pub use crate::backward::{backward, changes, changes_plot};
pub use crate::checkpoint::{load_checkpoint, load_weights, save_checkpoint, save_weights};
pub use crate::claims::{Claims, claims};
pub use crate::comm::{Comm, comm_target, comm_target_with_buffers, json_field};
pub use crate::conv::{Conv, conv1d, conv2d};
pub use crate::curve::{LossCurve, loss_curve};
pub use crate::data::{
    Dataset, Normalizer, Split, WordVectors, blobs, cosine_similarity, digits, houses, linear_data,
    normalizer, sonnets, spirals, split, two_moons, word_vectors,
};
pub use crate::device::{device, move_to};
pub use crate::dropout::{Dropout, dropout};
pub use crate::embedding::{Embedding, embedding};
pub use crate::encoder::{SentenceEncoder, sentence_encoder};
pub use crate::flow::{GradientFlow, gradient_flow};
pub use crate::flow_history::FlowHistory;
pub use crate::gradient_check::{GradientCheck, gradient_check};
pub use crate::gradients::{GradientTable, gradient_histogram, gradients, gradients_of};
pub use crate::graph::{Value, value};
pub use crate::init::{self, Init};
pub use crate::interpret::{
    Deletion, Probe, RandomisedWeights, Saliency, Selectivity, control_labels, deletion_test,
    probe, probe_with_control, randomised_weight_check, rank_correlation, saliency,
    saliency_overlay,
};
pub use crate::layer::{ForwardError, Layer};
pub use crate::learning_rate::{RateRange, learning_rate_range};
pub use crate::linear::{Linear, linear};
pub use crate::live::{LiveCurve, live_curve};
pub use crate::loss::{bce_loss, bce_with_logits_loss, cross_entropy_loss, mse_loss};
pub use crate::metrics::{ConfusionMatrix, Roc, bits, confusion_matrix, nats, perplexity, roc};
pub use crate::network::{gradient_picture, network_picture};
pub use crate::norm::{BatchNorm, LayerNorm, batch_norm1d, batch_norm2d, layer_norm};
pub use crate::optimizer::{Optimize, Optimizer, adam, adamw, sgd, sgd_momentum};
pub use crate::plots::{
    LinePlot, Plot, activation_plot, attention_map, decision_boundary, heatmap, histogram,
    image_grid, image_overlay, line_plot, loss_surface, principal_plane, scatter,
};
pub use crate::pool::{avg_pool1d, avg_pool2d, flatten, max_pool1d, max_pool2d};
pub use crate::progress::{Progress, ProgressBar, progress, progress_bar};
pub use crate::race::{Race, race};
pub use crate::recurrent::{Recurrent, gru, lstm, rnn};
pub use crate::regression::{mean_absolute_error, r_squared};
pub use crate::residual::{Residual, residual};
pub use crate::scaling::{
    PowerLaw, chinchilla_loss, compute_optimal, fit_power_law, training_compute,
};
pub use crate::schedule::{Schedule, constant, cosine, step_decay};
pub use crate::sequential::Sequential;
pub use crate::show::{
    DisplayHandle, MimeBundle, Show, clear_output, display, display_handle, html, latex, markdown,
    png, svg,
};
pub use crate::summary::{Summary, summary};
pub use crate::table::Table;
pub use crate::tensors::{Item, manual_seed, no_grad, rand, randn, randperm, tensor};
pub use crate::tokenizer::{Tokenizer, tokenizer};
pub use crate::trace::{Trace, trace};
pub use crate::training::{History, Trainer, trainer};
pub use crate::transformer::{
    Bpe, Characters, MixtureOfExperts, Sampling, bigram_loss, bpe, characters, generate, gpt,
    learned_positions, mean_of_positions, mixture_of_experts, next_token, next_token_loss, patches,
    rotary, sinusoidal, transformer_block, transformer_classifier, vision_transformer, windows,
};
pub use crate::vector_index::{VectorIndex, vector_index};
pub use crate::weights::{Weights, copy_weights, restore_weights};
