<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Renewal;

/**
 * The servers at which a client reaches the service, and the one in use. All calls of a client share this, also those of its copies in
 * forks: a renewer goes on where the program does, and the other way round.
 *
 * @internal
 */
final class Servers
{
    /** The index of the current one, as far as this process knows. */
    private int $current = 0;

    /** Where forks find the index. Null if there is nothing to share. */
    private readonly ?SharedSecret $shared;

    /**
     * @param non-empty-list<string> $urls base URLs, each once; the client begins with the first
     * @throws \RuntimeException if the system has no sockets left
     */
    public function __construct(public readonly array $urls)
    {
        $this->shared = count($urls) > 1 && Renewal::isBackgroundPossible() ? new SharedSecret('0') : null;
    }

    public function __toString(): string
    {
        return implode(', ', $this->urls);
    }

    public function current(): string
    {
        // Nothing is there while another process changes it.
        $this->current = (int) ($this->shared?->look() ?? $this->current);

        return $this->urls[$this->current];
    }

    /** @return non-empty-list<string> all of them, the current one first */
    public function fromCurrent(): array
    {
        $this->current();

        return [...array_slice($this->urls, $this->current), ...array_slice($this->urls, 0, $this->current)];
    }

    /** Stays with a server that works. */
    public function keep(string $url): void
    {
        if ($url !== $this->current()) {
            $this->choose((int) array_search($url, $this->urls, true));
        }
    }

    /** Goes on with the next server after one that does not work, unless another call has done so. */
    public function leave(string $url): void
    {
        if ($url === $this->current()) {
            $this->choose(($this->current + 1) % count($this->urls));
        }
    }

    private function choose(int $index): void
    {
        $this->current = $index;
        $this->shared?->put((string) $index);
    }
}
