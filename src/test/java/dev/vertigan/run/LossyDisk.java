package dev.vertigan.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A disk that remembers the order of everything done to it, and so knows what a power cut may leave: what was forced, and of the rest any
/// part. Each name of a folder may stand for whatever it stood for since the folder was last forced; each write that was not forced may
/// have arrived, or not, or half, or as zeros.
///
/// @param forgetsFiles, forgetsFolders whether forcing is ignored, which must not go unnoticed
record LossyDisk(List<Op> ops, Map<Path, Integer> now, boolean forgetsFiles, boolean forgetsFolders) implements Durable {

    LossyDisk(boolean forgetsFiles, boolean forgetsFolders) {
        this(new ArrayList<>(), new HashMap<>(), forgetsFiles, forgetsFolders);
    }

    /// Something done. A `file` is a number, whatever names it has.
    sealed interface Op {

        /// From here on `name` stands for `file`; for none if negative.
        record Name(Path name, int file) implements Op {}

        record Write(int file, long at, byte[] bytes) implements Op {}

        record Truncate(int file, long size) implements Op {}

        record Force(int file) implements Op {}

        record ForceFolder(Path folder) implements Op {}
    }

    /// What a power cut leaves: the content by name.
    record State(Map<Path, byte[]> files) {

        /// Puts it into an empty folder, in place of the one it was recorded in.
        void into(Path folder, Path recorded) throws IOException {
            for (var file : files.entrySet()) {
                Path target = folder.resolve(recorded.relativize(file.getKey()));
                Files.createDirectories(target.getParent());
                Files.write(target, file.getValue());
            }
        }

        String key() {
            var text = new StringBuilder();
            new TreeMap<>(files).forEach((name, content) -> text.append(name).append(' ').append(Arrays.hashCode(content)).append('\n'));
            return text.toString();
        }
    }

    /// What may be there if the power goes when `done` operations are done.
    ///
    /// @return each once
    List<State> after(int done) {
        var names = new LinkedHashMap<Path, Set<Integer>>(); // what each may stand for
        var contents = new HashMap<Integer, List<byte[]>>();
        for (int i = 0; i < done; i++) {
            switch (ops.get(i)) {
                case Op.Name(Path name, int file) -> names.computeIfAbsent(name, _ -> new LinkedHashSet<>(Set.of(-1))).add(file);
                case Op.ForceFolder(Path folder) -> {
                    int now = i;
                    names.forEach((name, files) -> {
                        if (name.getParent().equals(folder)) {
                            int last = standsFor(name, now);
                            files.clear();
                            files.add(last);
                        }
                    });
                }
                case Op.Write _,Op.Truncate _,Op.Force _ -> {}
            }
        }
        names.values().forEach(files -> files.forEach(file -> contents.computeIfAbsent(file, f -> contents(f, done))));
        var states = new LinkedHashMap<String, State>();
        combine(List.copyOf(names.entrySet()), 0, contents, new HashMap<>(), states);
        return List.copyOf(states.values());
    }

    private int standsFor(Path name, int upTo) {
        int file = -1;
        for (var op : ops.subList(0, upTo)) {
            file = op instanceof Op.Name(Path other, int is) && other.equals(name) ? is : file;
        }
        return file;
    }

    /// What a file may hold: what was forced, and of the later changes each one alone there, missing, half or zero, and all of them.
    private List<byte[]> contents(int file, int done) {
        var changes = new ArrayList<Op>();
        byte[] forced = new byte[0];
        for (var op : ops.subList(0, done)) {
            switch (op) {
                case Op.Write write when write.file == file -> changes.add(write);
                case Op.Truncate truncate when truncate.file == file -> changes.add(truncate);
                case Op.Force(int which) when which == file -> {
                    for (var change : changes) {
                        forced = apply(forced, change);
                    }
                    changes.clear();
                }
                default -> {}
            }
        }
        var found = new ArrayList<byte[]>();
        found.add(forced);
        byte[] all = forced;
        for (int i = 0; i < changes.size(); i++) { // prefixes, the last change whole or torn; and reordered: that change alone, or all but it
            if (changes.get(i) instanceof Op.Write(int _, long at, byte[] bytes)) {
                found.add(apply(all, new Op.Write(file, at, Arrays.copyOf(bytes, bytes.length / 2))));
                found.add(apply(all, new Op.Write(file, at, new byte[bytes.length])));
            }
            found.add(apply(forced, changes.get(i)));
            byte[] without = forced;
            for (int j = 0; j < changes.size(); j++) {
                without = j == i ? without : apply(without, changes.get(j));
            }
            found.add(without);
            all = apply(all, changes.get(i));
            found.add(all);
        }
        return found;
    }

    private static byte[] apply(byte[] content, Op op) {
        return switch (op) {
            case Op.Write(int _, long at, byte[] bytes) -> {
                byte[] longer = Arrays.copyOf(content, Math.max(content.length, (int) at + bytes.length));
                System.arraycopy(bytes, 0, longer, (int) at, bytes.length);
                yield longer;
            }
            case Op.Truncate(int _, long size) -> Arrays.copyOf(content, (int) Math.min(content.length, size));
            default -> content;
        };
    }

    private static void combine(List<Map.Entry<Path, Set<Integer>>> names, int at, Map<Integer, List<byte[]>> contents, Map<Path, byte[]> chosen,
            Map<String, State> states) {
        if (at == names.size()) {
            var state = new State(Map.copyOf(chosen));
            states.put(state.key(), state);
            return;
        }
        var name = names.get(at);
        for (int file : name.getValue()) {
            if (file < 0) {
                chosen.remove(name.getKey());
                combine(names, at + 1, contents, chosen, states);
            } else {
                for (var content : contents.get(file)) {
                    chosen.put(name.getKey(), content);
                    combine(names, at + 1, contents, chosen, states);
                }
                chosen.remove(name.getKey());
            }
        }
    }

    @Override
    public FileChannel open(Path file, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        boolean isNew = !Files.exists(file);
        var channel = DISK.open(file, options, attributes);
        if (isNew) {
            now.put(file, 1 + now.values().stream().mapToInt(Integer::intValue).max().orElse(0) + ops.size());
            ops.add(new Op.Name(file, now.get(file)));
        }
        return options.contains(StandardOpenOption.WRITE) ? new Recorded(channel, now.get(file), this) : channel;
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        DISK.move(from, to);
        int file = now.remove(from);
        now.put(to, file);
        ops.add(new Op.Name(to, file));
        ops.add(new Op.Name(from, -1));
    }

    @Override
    public void delete(Path file) throws IOException {
        DISK.delete(file);
        now.remove(file);
        ops.add(new Op.Name(file, -1));
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        DISK.forceFolder(folder);
        if (!forgetsFolders) {
            ops.add(new Op.ForceFolder(folder));
        }
    }

    /// A channel whose changes are remembered.
    private static final class Recorded extends FileChannel {

        private final FileChannel channel;
        private final int file;
        private final LossyDisk disk;

        Recorded(FileChannel channel, int file, LossyDisk disk) {
            this.channel = channel;
            this.file = file;
            this.disk = disk;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int written = write(source, channel.position());
            channel.position(channel.position() + written);
            return written;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            byte[] bytes = new byte[source.remaining()];
            source.duplicate().get(bytes);
            int written = channel.write(source, position);
            disk.ops.add(new Op.Write(file, position, Arrays.copyOf(bytes, written)));
            return written;
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            channel.truncate(size);
            disk.ops.add(new Op.Truncate(file, size));
            return this;
        }

        @Override
        public void force(boolean metaData) {
            if (!disk.forgetsFiles) {
                disk.ops.add(new Op.Force(file));
            }
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public FileChannel position(long newPosition) throws IOException {
            channel.position(newPosition);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        protected void implCloseChannel() throws IOException {
            channel.close();
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
