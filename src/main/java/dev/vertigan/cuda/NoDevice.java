package dev.vertigan.cuda;

/// There is no card to compute on, and why, in one line.
public final class NoDevice extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean card;

    /// @param card whether there is a card, and something else is missing
    public NoDevice(String message, boolean card) {
        super(message);
        this.card = card;
    }

    /// Whether there is a card, so that its owner wants to know what else is missing.
    public boolean card() {
        return card;
    }
}
