//! The checklist of the course's document: 24 items with their codes, in its order.

/// A code and what a learner can do who has it.
pub const ITEMS: [(&str, &str); 24] = [
    ("CC1", "Tell parameters from hyperparameters"),
    ("CC2", "Say what happens in a forward pass"),
    ("CC3", "Say what a loss measures"),
    ("CC4", "Explain gradient descent by a valley"),
    ("CC5", "Compute gradients with the chain rule"),
    ("CC6", "Say why the learning rate matters"),
    ("PU1", "Choose between ReLU, GELU and sigmoid"),
    ("PU2", "Describe the training loop"),
    ("PU3", "Weigh large batches against small ones"),
    ("PU4", "Know when to stop training"),
    ("PU5", "Recognise overfitting and name three fixes"),
    ("AK1", "Write a training loop"),
    ("AK2", "Mend a run that learns too slowly or diverges"),
    ("AK3", "Recognise what ails a run"),
    ("AK4", "Read loss curves"),
    ("CD1", "Say why networks need activation functions"),
    ("CD2", "Say why bigger is not always better"),
    ("CD3", "Relate batch size to the noise of gradients"),
    ("CD4", "Say how a learning-rate schedule helps"),
    ("SC1", "Train a simple model from scratch"),
    ("SC2", "Debug a failing run"),
    ("SC3", "Know the vocabulary of a paper"),
    ("SC4", "Explain activation functions to someone else"),
    ("SC5", "Make informed choices of a model"),
];

/// The notebook that asks for every item.
pub const NOTEBOOK: &str = "13_validation_checklist";

/// The document's rule: so many success criteria that a learner cannot meet mean rereading.
pub const REREAD: usize = 3;

/// Whether a code is one of the five success criteria.
pub fn is_success_criterion(code: &str) -> bool {
    code.starts_with("SC")
}
