<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Value\LockMode;

/**
 * The members of a JSON object, with their types checked. All methods throw `UnexpectedValueException` if a member is missing or has
 * another type.
 *
 * @internal
 */
final readonly class Fields
{
    /** @param array<mixed> $members */
    private function __construct(private array $members)
    {
    }

    public static function of(mixed $value): self
    {
        // In PHP only the empty object and the empty list look the same, and neither has any members.
        if (!is_array($value) || ($value !== [] && array_is_list($value))) {
            throw new \UnexpectedValueException('no object');
        }

        return new self($value);
    }

    public static function parse(string $text): self
    {
        return self::of(self::decode($text));
    }

    /** Null unless the text is a JSON object. */
    public static function tryParse(string $text): ?self
    {
        try {
            return self::parse($text);
        } catch (\UnexpectedValueException) {
            return null;
        }
    }

    /** @return list<self> the objects of a JSON list */
    public static function parseList(string $text): array
    {
        return self::listOf(self::decode($text));
    }

    public function text(string $name): string
    {
        return $this->textOrNull($name) ?? self::fail($name);
    }

    public function number(string $name): int
    {
        return $this->numberOrNull($name) ?? self::fail($name);
    }

    public function flag(string $name): bool
    {
        $value = $this->members[$name] ?? null;

        return is_bool($value) ? $value : self::fail($name);
    }

    public function date(string $name): \DateTimeImmutable
    {
        return $this->dateOrNull($name) ?? self::fail($name);
    }

    /**
     * @template T of \BackedEnum
     * @param class-string<T> $choices
     * @return T
     */
    public function choice(string $name, string $choices): \BackedEnum
    {
        return $choices::tryFrom($this->text($name)) ?? self::fail($name);
    }

    public function object(string $name): self
    {
        return self::of($this->members[$name] ?? null);
    }

    /** @return list<self> */
    public function objects(string $name): array
    {
        return self::listOf($this->members[$name] ?? null);
    }

    /** @return list<string> */
    public function texts(string $name): array
    {
        $value = $this->members[$name] ?? null;
        $isListOfTexts = is_array($value) && array_is_list($value) && array_filter($value, is_string(...)) === $value;

        return $isListOfTexts ? $value : self::fail($name);
    }

    /** Whether the member is there, and not null. */
    public function has(string $name): bool
    {
        return isset($this->members[$name]);
    }

    /** How a lease holds a lock. Servers of version 1.0 show no mode. */
    public function mode(): LockMode
    {
        return $this->has('mode') ? $this->choice('mode', LockMode::class) : LockMode::Exclusive;
    }

    /** @return ?list<int> */
    public function numbersOrNull(string $name): ?array
    {
        $value = $this->members[$name] ?? null;
        $isList = is_array($value) && array_is_list($value) && array_filter($value, is_int(...)) === $value;

        return $value === null || $isList ? $value : self::fail($name);
    }

    public function textOrNull(string $name): ?string
    {
        $value = $this->members[$name] ?? null;

        return is_string($value) ? $value : null;
    }

    public function numberOrNull(string $name): ?int
    {
        $value = $this->members[$name] ?? null;

        return is_int($value) ? $value : null;
    }

    public function dateOrNull(string $name): ?\DateTimeImmutable
    {
        $text = $this->textOrNull($name);
        if ($text === null || preg_match('/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/', $text) !== 1) {
            return null;
        }
        try {
            return new \DateTimeImmutable($text);
        } catch (\Exception) {
            return null;
        }
    }

    private static function decode(string $text): mixed
    {
        try {
            return json_decode($text, true, flags: JSON_THROW_ON_ERROR);
        } catch (\JsonException) {
            throw new \UnexpectedValueException('no JSON');
        }
    }

    /** @return list<self> */
    private static function listOf(mixed $value): array
    {
        if (!is_array($value) || !array_is_list($value)) {
            throw new \UnexpectedValueException('no list');
        }

        return array_map(self::of(...), $value);
    }

    private static function fail(string $name): never
    {
        throw new \UnexpectedValueException("nothing useful in $name");
    }
}
