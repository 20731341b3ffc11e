package dev.vertigan.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// A peer whose answers are its arguments, one a request; at their end it says why on the error stream and ends.
final class ScriptedPeer {

    private ScriptedPeer() {}

    public static void main(String... answers) throws IOException {
        var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var answer : answers) {
            System.err.println("asked " + requests.readLine());
            System.out.println(answer);
        }
        requests.readLine();
        System.err.println("out of answers");
    }
}
