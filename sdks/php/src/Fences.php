<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\StaleTokenException;
use OctoStore\Internal\Calls\Call;
use OctoStore\Internal\Calls\Caller;
use OctoStore\Internal\Checks;
use OctoStore\Internal\Fields;
use OctoStore\Internal\Http\Request;
use OctoStore\Value\Fence;

/**
 * Fences. Each remembers the highest fencing token that a resource has seen, for resources that cannot do so themselves. Its name follows
 * the rules of lock names. All methods throw an `OctoStoreException` if they fail.
 */
final readonly class Fences
{
    /** @internal see `Client::$fences` */
    public function __construct(private Caller $caller)
    {
    }

    /**
     * Call this before you change what your lock protects. From now on, the fence refuses lower tokens. The first call creates the fence.
     *
     * @throws StaleTokenException if the fence has seen a higher token; then stop
     */
    public function advance(string $name, int $fencingToken): Fence
    {
        return $this->compare($name, 'advance', $fencingToken);
    }

    /**
     * Answers as `advance()` would, and changes nothing. For those who share a lock and only read.
     *
     * @throws StaleTokenException if the fence has seen a higher token
     */
    public function check(string $name, int $fencingToken): Fence
    {
        return $this->compare($name, 'check', $fencingToken);
    }

    /** What a fence has seen. */
    public function get(string $name): Fence
    {
        Checks::name($name, 'fence');

        return $this->call(new Request('GET', self::path($name)));
    }

    private function compare(string $name, string $verb, int $fencingToken): Fence
    {
        Checks::name($name, 'fence');
        Checks::fencingToken($fencingToken);

        return $this->call(new Request('POST', self::path($name) . "/$verb", ['fencing_token' => $fencingToken]));
    }

    private function call(Request $request): Fence
    {
        return $this->caller->call(new Call(
            request: $request,
            read: static fn (string $text): Fence => Fence::read(Fields::parse($text)),
            isSafe: true,
        ))->value;
    }

    private static function path(string $name): string
    {
        return '/fences/' . rawurlencode($name);
    }
}
