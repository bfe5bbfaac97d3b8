<?php

declare(strict_types=1);

namespace OctoStore\Internal;

/**
 * A secret that a process and all its forks share: what one of them puts in, all of them see. One at a time can take it out to replace
 * it.
 *
 * It is a message that waits in a socket. Programs started from here inherit that socket too, because PHP leaves everything open. So the
 * message is encrypted with a key that only forks have.
 *
 * @internal
 */
final class SharedSecret
{
    private const SALT_BYTES = 16;

    /** @var resource */
    private $entrance;

    /** @var resource */
    private $exit;

    /** Dumps do not show the value. */
    private readonly \SensitiveParameterValue $key;

    /** @throws \RuntimeException if the system has no sockets left */
    public function __construct(#[\SensitiveParameter] string $secret)
    {
        [$this->entrance, $this->exit] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_DGRAM, 0)
            ?: throw new \RuntimeException('No pair of sockets can be had.');
        stream_set_blocking($this->entrance, false);
        stream_set_blocking($this->exit, false);
        $this->key = new \SensitiveParameterValue(random_bytes(32));
        $this->put($secret);
    }

    /** The secret, or null while a process has taken it out. */
    public function look(): ?string
    {
        return $this->receive(STREAM_PEEK);
    }

    /** Takes the secret out, until it is put in again. Null if another process has taken it out. */
    public function take(): ?string
    {
        return $this->receive(0);
    }

    /** Puts a secret in, replacing the current one. */
    public function put(#[\SensitiveParameter] string $secret): void
    {
        while ($this->take() !== null) {
            continue;
        }
        $salt = random_bytes(self::SALT_BYTES);
        stream_socket_sendto($this->entrance, $salt . ($secret ^ $this->pad($salt, strlen($secret))));
    }

    private function receive(int $flags): ?string
    {
        // When asked for the sender, PHP bypasses a buffer that is private to each process.
        $message = (string) @stream_socket_recvfrom($this->exit, 65536, $flags, $sender);
        $sealed = substr($message, self::SALT_BYTES);

        return $sealed === '' ? null : $sealed ^ $this->pad(substr($message, 0, self::SALT_BYTES), strlen($sealed));
    }

    /** Used for one message only, as its salt is. */
    private function pad(string $salt, int $length): string
    {
        return hash_hkdf('sha512', $this->key->getValue(), $length, salt: $salt);
    }
}
