<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Internal\Version;
use OctoStore\Rules;
use PHPUnit\Framework\TestCase;

/** What holds of all files of the package. */
final class PackageTest extends TestCase
{
    private const FOLDER = __DIR__ . '/..';

    public function testTheNumbersAreThoseOfAllSdks(): void
    {
        $rules = json_decode(file_get_contents(self::FOLDER . '/../conformance/rules.json'), true);
        self::assertSame($rules, array_change_key_case((new \ReflectionClass(Rules::class))->getConstants()));
    }

    public function testTheVersionIsThatOfThePackage(): void
    {
        $package = json_decode(file_get_contents(self::FOLDER . '/composer.json'), true);
        self::assertSame($package['version'], Version::VERSION);
    }

    public function testEverythingHasATypeAndWhatIsPublicIsDescribed(): void
    {
        foreach (self::classes() as $class) {
            $isInternal = str_starts_with($class->getName(), 'OctoStore\\Internal\\');
            self::assertTrue($isInternal || $class->getDocComment() !== false, "{$class->getName()} is not described.");
            foreach ($class->getMethods() as $method) {
                if ($method->getFileName() === $class->getFileName()) {
                    self::assertIsTyped($method);
                }
            }
        }
    }

    public function testWhatIsInternalSaysSo(): void
    {
        foreach (self::classes() as $class) {
            if (str_starts_with($class->getName(), 'OctoStore\\Internal\\')) {
                self::assertStringContainsString('@internal', (string) $class->getDocComment(), $class->getName());
            }
        }
    }

    private static function assertIsTyped(\ReflectionMethod $method): void
    {
        $name = "{$method->getDeclaringClass()->getName()}::{$method->getName()}";
        self::assertTrue($method->isConstructor() || $method->isDestructor() || $method->hasReturnType(), $name);
        foreach ($method->getParameters() as $parameter) {
            // PHP has no type for resources.
            self::assertTrue($parameter->hasType() || $parameter->getName() === 'channel', "$name: {$parameter->getName()}");
        }
    }

    /** @return iterable<\ReflectionClass<object>> */
    private static function classes(): iterable
    {
        $source = realpath(self::FOLDER . '/src');
        $files = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($source, \FilesystemIterator::SKIP_DOTS));
        foreach ($files as $file) {
            $path = substr($file->getPathname(), strlen($source) + 1, -strlen('.php'));
            yield new \ReflectionClass('OctoStore\\' . str_replace('/', '\\', $path));
        }
    }
}
