package dev.vertigan.data;

import dev.vertigan.config.RunConfig;
import java.util.Objects;
import java.util.Optional;

/// A data set that grows while a run trains on it: rows that come are seen from the next epoch on. An epoch is so many samples, in random
/// order, of the rows that there were when it began, or of the newest of these.
///
/// The index of a sample is its row. Without its [Rows], of a run's folder, only the form of its samples is known.
final class StreamedRows implements Dataset {

    static final String NAME = "stream";

    private final RowForm form;
    private final long epoch; // samples
    private final long window; // rows; 0 = all
    private final Optional<Rows> rows;

    StreamedRows(RunConfig.Data config) {
        this(form(config), config.size(), config.stream().window(), Optional.empty());
    }

    private StreamedRows(RowForm form, long epoch, long window, Optional<Rows> rows) {
        this.form = form;
        this.epoch = epoch;
        this.window = window;
        this.rows = rows;
    }

    static RowForm form(RunConfig.Data config) {
        return new RowForm(config.columnNames(), config.extent(), config.channels());
    }

    @Override
    public Optional<RowForm> streamed() {
        return Optional.of(form);
    }

    @Override
    public StreamedRows reading(Rows of) {
        return new StreamedRows(form, epoch, window, Optional.of(of));
    }

    private Rows rows() {
        return rows.orElseThrow(() -> new IllegalStateException("a stream is read from a run's folder"));
    }

    private long first(long end) {
        return window == 0 ? 0 : Math.max(0, end - window);
    }

    /// Within an epoch each row comes once before any comes twice.
    @Override
    public Order order(long seed) {
        return new Order() {

            private long current = -1;
            private long first;
            private BatchOrder shuffled = new BatchOrder(seed, 1);

            @Override
            public synchronized long index(long sample) {
                long number = sample / epoch;
                if (number != current) {
                    long end = rows().begin(number);
                    first = first(end);
                    shuffled = new BatchOrder(CounterRandom.hash(seed, number), end - first);
                    current = number;
                }
                return first + shuffled.index(sample % epoch);
            }
        };
    }

    /// The rows that are seen there; if nothing has been yet, those that there are.
    @Override
    public Dataset after(long samples) {
        long number = Math.max(0, samples - 1) / epoch;
        long end = rows().at(number).orElseGet(() -> rows().size());
        return new Seen(this, first(end), end);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Kind kind() {
        return form.image() ? Kind.IMAGE : Kind.ofPoints(form.columns().size());
    }

    @Override
    public int[] shape() {
        return form.shape();
    }

    @Override
    public long size() {
        return epoch;
    }

    /// From the page cache.
    @Override
    public boolean inMemory() {
        return true;
    }

    @Override
    public void read(long index, float[] target, int offset) {
        byte[] row = new byte[form.width()];
        rows().read(index, row);
        form.decode(row, target, offset);
    }

    /// The rows of one epoch as a data set that stays as it is; there may be none.
    private record Seen(StreamedRows origin, long first, long end) implements DerivedDataset {

        @Override
        public long size() {
            return end - first;
        }

        @Override
        public long at(long index) {
            return first + Objects.checkIndex(index, size());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Seen seen && seen.first == first && seen.end == end && seen.origin.rows.equals(origin.rows);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(31 * first + end);
        }
    }
}
