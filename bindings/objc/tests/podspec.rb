# podspec.rb PODSPEC: what the podspec says, as JSON. CocoaPods itself is not a Debian package; this
# takes the same calls.
require 'json'

module Pod
  class Spec
    attr_reader :said

    def initialize
      @said = {}
      yield self
      puts JSON.generate(@said)
    end

    def ios = Platform.new(@said, 'ios')
    def osx = Platform.new(@said, 'osx')
    def version = @said['version'].first

    def method_missing(name, *values)
      raise "#{name} is no attribute" unless name.end_with?('=')

      @said[name.to_s.chomp('=')] = values.flatten(1)
    end
  end

  Platform = Struct.new(:said, :name) do
    def deployment_target=(version)
      said["#{name}.deployment_target"] = [version]
    end
  end
end

load ARGV.fetch(0)
